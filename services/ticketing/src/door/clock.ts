const dayMs = 86_400_000;

/** Whether a device's clock is so far off that its scan cannot be: a day ahead, or longer ago than this. */
export function isImpossible(at: string, { agoDays }: { readonly agoDays: number }): boolean {
  const aheadMs = Date.parse(at) - Date.now();
  return aheadMs > dayMs || -aheadMs > agoDays * dayMs;
}
