import { type Spread, spread } from './figures.ts';

/** What each rival gave in each round. */
export class Rounds<Name extends string, Round> {
  readonly #rounds: Readonly<Record<Name, Round[]>>;
  readonly #names: readonly Name[];

  private constructor(names: readonly Name[]) {
    this.#names = names;
    this.#rounds = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
      Name,
      Round[]
    >;
  }

  /**
   * Lets the rivals run in turns, so that what happens to the machine happens to all of them. The
   * first round warms up and is not counted.
   */
  static async interleave<Name extends string, Round>(
    rivals: Readonly<Record<Name, () => Promise<Round>>>,
    rounds: number,
  ): Promise<Rounds<Name, Round>> {
    const names = Object.keys(rivals) as Name[];
    const results = new Rounds<Name, Round>(names);
    for (let round = -1; round < rounds; round += 1) {
      for (const name of names) {
        const result = await rivals[name]();
        if (round >= 0) {
          results.#rounds[name].push(result);
        }
      }
    }
    return results;
  }

  /** One figure of every rival. */
  each(pick: (round: Round) => number, digits = 1): Record<Name, Spread> {
    return Object.fromEntries(
      this.#names.map((name) => [name, spread(this.#rounds[name].map(pick), digits)]),
    ) as Record<Name, Spread>;
  }

  /** One figure of one rival over that of another, each taken inside its round. */
  ratio(of: Name, to: Name, pick: (round: Round) => number): Spread {
    const divisors = this.#rounds[to].map(pick);
    return spread(this.#rounds[of].map((round, at) => pick(round) / (divisors[at] ?? 1)));
  }
}
