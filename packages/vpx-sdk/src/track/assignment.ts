/**
 * Pairs rows with columns so that the sum of the scores of the pairs is greatest: the Hungarian method
 * in its form with shortest augmenting paths, O(rows² x columns).
 *
 * @param scores - `scores[row][column]`, rows of one length; a pair of score 0 or less is never made.
 * @returns For each row its column, or -1.
 * @see Kuhn 1955, doi:10.1002/nav.3800020109; Jonker and Volgenant 1987, doi:10.1007/BF02278710.
 */
export function bestAssignment(scores: readonly (readonly number[])[]): number[] {
  const rowCount = scores.length;
  const realColumns = scores[0]?.length ?? 0;
  // A column of its own for each row stands for "no partner", at no gain.
  const columnCount = realColumns + rowCount;
  const costOf = (row: number, column: number): number =>
    column < realColumns ? Math.min(0, -scores[row]![column]!) : 0;
  const rowOf = new Int32Array(columnCount).fill(-1);
  const rowPotential = new Float64Array(rowCount);
  const columnPotential = new Float64Array(columnCount);

  for (let start = 0; start < rowCount; start++) {
    const slack = new Float64Array(columnCount).fill(Infinity);
    const from = new Int32Array(columnCount).fill(-1);
    const isDone = new Uint8Array(columnCount);
    let row = start;
    let end = -1;
    let last = -1;
    while (end < 0) {
      let next = -1;
      for (let column = 0; column < columnCount; column++) {
        if (isDone[column] === 1) continue;
        const rest = costOf(row, column) - rowPotential[row]! - columnPotential[column]!;
        if (rest < slack[column]!) {
          slack[column] = rest;
          from[column] = last;
        }
        if (next < 0 || slack[column]! < slack[next]!) next = column;
      }
      const step = slack[next]!;
      rowPotential[start]! += step;
      for (let column = 0; column < columnCount; column++) {
        if (isDone[column] === 1) {
          rowPotential[rowOf[column]!]! += step;
          columnPotential[column]! -= step;
        } else slack[column]! -= step;
      }
      isDone[next] = 1;
      last = next;
      if (rowOf[next]! < 0) end = next;
      else row = rowOf[next]!;
    }
    for (let column = end; column >= 0;) {
      const before = from[column]!;
      rowOf[column] = before < 0 ? start : rowOf[before]!;
      column = before;
    }
  }

  const columns = new Array<number>(rowCount).fill(-1);
  for (let column = 0; column < realColumns; column++) {
    const row = rowOf[column]!;
    if (row >= 0 && scores[row]![column]! > 0) columns[row] = column;
  }
  return columns;
}
