/**
 * How many bytes the length before each NAL unit takes.
 *
 * @param extradata - The stream's; MP4 and Matroska say it there, in `avcC` and `hvcC`.
 * @returns 0 where start codes separate the units, as in transport streams.
 */
export function nalLengthBytes(codec: string, extradata: Buffer | null): number {
  if (extradata === null || extradata[0] !== 1) return 0;
  const at = codec === 'h264' ? 4 : 21;
  return ((extradata[at] ?? 3) & 3) + 1;
}

/** The type of the first NAL unit that holds a part of a picture; undefined if there is none. */
export function firstSliceType(
  codec: 'h264' | 'hevc',
  data: Buffer,
  lengthBytes: number,
): number | undefined {
  for (let at = nextUnit(data, 0, lengthBytes); at < data.length;) {
    const type = codec === 'h264' ? data[at]! & 31 : (data[at]! >> 1) & 63;
    if (codec === 'h264' ? type >= 1 && type <= 5 : type < 32) return type;
    const end = lengthBytes === 0 ? at : at + data.readUIntBE(at - lengthBytes, lengthBytes);
    at = nextUnit(data, end, lengthBytes);
  }
  return undefined;
}

/** Where the next unit begins, behind its length or start code; the end of the data if there is none. */
function nextUnit(data: Buffer, from: number, lengthBytes: number): number {
  if (lengthBytes > 0) return from + lengthBytes;
  const at = data.indexOf(START_CODE, from);
  return at < 0 ? data.length : at + START_CODE.length;
}

const START_CODE = Buffer.of(0, 0, 1);
