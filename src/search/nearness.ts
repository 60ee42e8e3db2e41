/**
 * How many slips of the fingers lie between two words: a letter too many, too few, wrong, or two letters swapped
 * (optimal string alignment distance).
 */
export function slipsBetween(one: string, other: string): number {
  const a = [...one];
  const b = [...other];
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of a.entries()) {
    const current = [row + 1];
    for (const [column, against] of b.entries()) {
      const wrong = (above[column] ?? 0) + (letter === against ? 0 : 1);
      const cost = Math.min(wrong, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1);
      const swapped = row > 0 && column > 0 && letter === b[column - 1] && a[row - 1] === against;
      current.push(swapped ? Math.min(cost, (before[column - 1] ?? 0) + 1) : cost);
    }
    before = above;
    above = current;
  }
  return above[b.length] ?? 0;
}
