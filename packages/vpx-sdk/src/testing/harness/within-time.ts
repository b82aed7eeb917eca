/** Waits for a call; rejects when it takes longer than the limit. The call itself goes on. */
export async function withinTime<T>(
  what: string,
  limitMs: number,
  call: () => T | PromiseLike<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${what} did not end within ${limitMs} ms`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([call(), late]);
  } finally {
    clearTimeout(timer);
  }
}
