import type { ChildProcess } from 'node:child_process';
import { killGroup, type ProgramSpec, startProgram, stopProgram } from './program.ts';

/** What dies is started again after this, doubling while it keeps dying. */
const restartFirstMs = 250;
const restartMaxMs = 10_000;

/** A program that stayed up this long counts as healthy again. */
const healthyAfterMs = 10_000;

interface Supervised {
  spec: ProgramSpec;
  child: ChildProcess;
  deaths: number;
  startedAt: number;
  timer: NodeJS.Timeout | undefined;
  keep: boolean;
}

/** Keeps programs running until told to stop. */
export class Supervisor {
  readonly #programs = new Map<string, Supervised>();
  readonly #onChange: () => void;
  readonly #say: (line: string) => void;

  constructor(options: { onChange: () => void; say: (line: string) => void }) {
    this.#onChange = options.onChange;
    this.#say = options.say;
  }

  start(spec: ProgramSpec, options: { readonly keep: boolean } = { keep: true }): void {
    const program: Supervised = {
      spec,
      child: startProgram(spec),
      deaths: 0,
      startedAt: performance.now(),
      timer: undefined,
      keep: options.keep,
    };
    this.#programs.set(spec.name, program);
    this.#watch(program);
    this.#onChange();
  }

  #watch(program: Supervised): void {
    program.child.once('error', (error) => this.#say(`${program.spec.name}: ${error.message}`));
    program.child.once('exit', (code, signal) => {
      if (!program.keep) {
        return;
      }
      const lived = performance.now() - program.startedAt;
      program.deaths = lived > healthyAfterMs ? 1 : program.deaths + 1;
      const waitMs = Math.min(restartFirstMs * 2 ** (program.deaths - 1), restartMaxMs);
      this.#say(`${program.spec.name} ended (${signal ?? code}), starts again in ${waitMs} ms`);
      program.timer = setTimeout(() => this.#revive(program), waitMs);
    });
  }

  #revive(program: Supervised): void {
    program.child = startProgram(program.spec);
    program.startedAt = performance.now();
    this.#watch(program);
    this.#onChange();
  }

  pids(): Record<string, number> {
    const running = [...this.#programs].flatMap(([name, { child }]) =>
      child.pid === undefined || child.exitCode !== null || child.signalCode !== null
        ? []
        : [[name, child.pid] as const],
    );
    return Object.fromEntries(running);
  }

  /** Sends a signal, as a test or a person would. Whether it comes back is `keep`'s business. */
  signal(name: string, signal: NodeJS.Signals): void {
    this.#get(name).child.kill(signal);
  }

  /** From now on, whether this program is started again when it ends. */
  setKeep(name: string, keep: boolean): void {
    this.#get(name).keep = keep;
  }

  /** Starts a program again that was not kept, with these settings otherwise. */
  revive(name: string, settings: Readonly<Record<string, string>> = {}): void {
    const program = this.#get(name);
    program.spec = { ...program.spec, env: { ...program.spec.env, ...settings } };
    program.keep = true;
    this.#revive(program);
  }

  async stop(name: string, graceMs: number): Promise<void> {
    const program = this.#get(name);
    program.keep = false;
    clearTimeout(program.timer);
    await stopProgram(program.child, program.spec.stopSignal, graceMs);
  }

  /** Stops these programs side by side. */
  async stopAll(names: readonly string[], graceMs: number): Promise<void> {
    const known = names.filter((name) => this.#programs.has(name));
    await Promise.all(known.map(async (name) => await this.stop(name, graceMs)));
  }

  /** The second Ctrl-C: no more asking. */
  killAll(): void {
    for (const program of this.#programs.values()) {
      program.keep = false;
      clearTimeout(program.timer);
      killGroup(program.child);
    }
  }

  names(): string[] {
    return [...this.#programs.keys()];
  }

  #get(name: string): Supervised {
    const program = this.#programs.get(name);
    if (program === undefined) {
      throw new Error(`nothing called ${name} runs here`);
    }
    return program;
  }
}
