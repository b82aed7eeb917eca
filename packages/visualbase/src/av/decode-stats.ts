import type { DecodeStats } from '../decode/decode-job.ts';
import { VisualError } from '../errors/visual-error.ts';
import { missingAtEnd } from './announced-length.ts';
import type { OpenedInput } from './open-input.ts';

/** What was counted while a file was decoded. */
export interface DecodeCounts {
  readonly packetCount: number;
  readonly decodedCount: number;
  readonly deliveredCount: number;
  readonly damagedPacketCount: number;
  readonly damagedPictureCount: number;
  readonly repairedTimeCount: number;
  /** End of the last packet, in ticks. */
  readonly endTicks: bigint;
  /** Whether the file was read and decoded to its end. */
  readonly isToEnd: boolean;
  /** Why reading broke off, if it did. */
  readonly readError: string | undefined;
  /** Bytes that the file is shorter than it says itself. */
  readonly cutOffBytes: number;
}

/** Makes the figures that a reader gets, with what is missing at the end. */
export function decodeStats(input: OpenedInput, counts: DecodeCounts): DecodeStats {
  const { packetCount, decodedCount, deliveredCount, endTicks, isToEnd, cutOffBytes } = counts;
  const isCutOff = cutOffBytes > 0;
  const missing = isToEnd
    ? missingAtEnd(input, { packetCount, endTicks, isCutOff })
    : { missingCount: 0, missingNs: 0 };
  const isUncounted = missing.missingCount === 0 && missing.missingNs === 0;
  const cutOff =
    isToEnd && isUncounted && isCutOff
      ? `the file is cut off, at least ${cutOffBytes} bytes are missing`
      : undefined;
  return {
    packetCount,
    decodedCount,
    deliveredCount,
    damage: {
      packetCount: counts.damagedPacketCount,
      pictureCount: counts.damagedPictureCount,
      ...missing,
      repairedTimeCount: counts.repairedTimeCount,
      readError: counts.readError ?? cutOff,
    },
  };
}

/** The error for a file of which not a single picture came out. */
export function nothingDecoded({ info }: OpenedInput, stats: DecodeStats): VisualError {
  const { path } = info;
  const { codec } = info.video;
  const { damage, packetCount } = stats;
  const { readError } = damage;
  return new VisualError(
    'VB_DECODE_FAILED',
    `None of the ${packetCount} ${codec} packets in ${path} could be decoded${readError === undefined ? '' : ` (${readError})`}. The file is damaged or encrypted; get another copy.`,
    { details: { path, codec, packetCount, readError } },
  );
}
