/**
 * Tells whether a file name matches a pattern of `*` (any characters) and `?` (one character). Takes
 * time proportional to both lengths at most, which a regular expression would not promise.
 */
export function matchesWildcard(name: string, pattern: string): boolean {
  let n = 0;
  let p = 0;
  let star = -1;
  let afterStar = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      star = p++;
      afterStar = n;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++afterStar;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/**
 * Expands `{a,b}` in a pattern, nested ones too.
 *
 * @param limit - Most results; what is over is left out.
 */
export function expandBraces(pattern: string, limit: number): readonly string[] {
  const done: string[] = [];
  const queue = [pattern];
  for (let next = queue.pop(); next !== undefined && done.length < limit; next = queue.pop()) {
    // The innermost pair first: between its braces there is no other brace.
    const found = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (found === null) {
      done.push(next);
      continue;
    }
    const before = next.slice(0, found.index);
    const after = next.slice(found.index + found[0].length);
    const options = found[1]!.split(',').slice(0, limit);
    queue.push(...options.map((option) => before + option + after).reverse());
  }
  return done;
}
