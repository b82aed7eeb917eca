import type { Hand } from 'vpx-sdk';
import { expect } from 'vitest';

type Points = readonly (readonly number[])[];
type HandsOfFrame = readonly [frame: number, hands: readonly Points[]];

/** What MediaPipe says of single pictures, and of those within their video. */
interface MediaPipeSays {
  readonly name: string;
  readonly still: readonly HandsOfFrame[];
  readonly video: readonly HandsOfFrame[];
}

const LANDMARKS = [0, 5, 12, 4] as const;
/** Of the size of the hand. */
const TOLERANCE = 0.03;

/** Recorded; see the test. */
export const MEDIAPIPE_SAYS: readonly MediaPipeSays[] = [
  {
    name: 'asl-again.mkv',
    still: [
      [
        20,
        [
          [
            [376.5, 290.8],
            [381.1, 275.6],
            [359.1, 265.7],
            [386.7, 243.4],
          ],
          [
            [302.7, 282.9],
            [324.0, 242.6],
            [352.2, 271.7],
            [345.7, 256.1],
          ],
        ],
      ],
      [
        45,
        [
          [
            [300.4, 260.3],
            [323.3, 230.0],
            [354.2, 260.3],
            [346.5, 240.0],
          ],
          [
            [365.3, 271.5],
            [374.6, 261.0],
            [356.5, 254.5],
            [383.5, 234.0],
          ],
        ],
      ],
    ],
    video: [],
  },
  {
    name: 'asl-yes.mkv',
    still: [
      [
        30,
        [
          [
            [208.6, 190.3],
            [231.2, 151.8],
            [229.3, 160.4],
            [242.9, 153.0],
          ],
          [
            [429.1, 441.6],
            [412.2, 478.2],
            [413.2, 508.1],
            [392.8, 488.4],
          ],
        ],
      ],
      [
        45,
        [
          [
            [412.6, 441.2],
            [395.1, 475.8],
            [392.6, 505.0],
            [376.4, 486.3],
          ],
          [
            [194.6, 202.7],
            [225.6, 165.5],
            [218.4, 191.7],
            [240.7, 193.0],
          ],
        ],
      ],
    ],
    video: [
      [
        25,
        [
          [
            [213.1, 193.7],
            [232.7, 159.2],
            [230.6, 169.1],
            [246.2, 163.7],
          ],
          [
            [429.5, 444.6],
            [412.1, 477.4],
            [411.6, 503.6],
            [393.4, 486.2],
          ],
        ],
      ],
      [
        40,
        [
          [
            [203.0, 181.8],
            [218.8, 145.8],
            [216.1, 154.4],
            [230.4, 144.1],
          ],
          [
            [420.0, 443.1],
            [402.9, 474.4],
            [402.3, 501.1],
            [385.5, 485.6],
          ],
        ],
      ],
    ],
  },
  {
    name: 'asl-book.mkv',
    still: [
      [
        30,
        [
          [
            [306.9, 241.7],
            [305.3, 210.7],
            [291.3, 179.1],
            [322.7, 201.9],
          ],
        ],
      ],
      [
        60,
        [
          [
            [307.7, 242.5],
            [306.9, 208.3],
            [284.9, 172.6],
            [333.0, 204.8],
          ],
        ],
      ],
    ],
    video: [
      [
        30,
        [
          [
            [305.3, 245.9],
            [304.6, 210.6],
            [290.6, 177.5],
            [325.4, 201.2],
          ],
        ],
      ],
      [
        60,
        [
          [
            [310.0, 244.1],
            [308.6, 208.9],
            [286.1, 173.2],
            [336.0, 201.1],
          ],
        ],
      ],
    ],
  },
];

/** Expects the same hands, each within 3 % of its size. */
export function expectAlike(hands: readonly Hand[], expected: readonly Points[]): void {
  expect(hands).toHaveLength(expected.length);
  for (const points of expected) {
    const errors = hands.map((hand) => {
      const sizePx = Math.max(hand.box.x2 - hand.box.x1, hand.box.y2 - hand.box.y1);
      const distances = LANDMARKS.map((at, i) =>
        Math.hypot(
          hand.landmarks.points[at * 3]! - points[i]![0]!,
          hand.landmarks.points[at * 3 + 1]! - points[i]![1]!,
        ),
      );
      return Math.max(...distances) / sizePx;
    });
    expect(Math.min(...errors)).toBeLessThan(TOLERANCE);
  }
}
