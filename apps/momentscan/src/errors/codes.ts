/** Every error code of momentscan's own. */
export const MOMENTSCAN_CODES = {
  MS_OUTPUT_UNUSABLE: {
    meaning: 'The output folder cannot be made or written.',
    remedy: 'Give another folder with -o, or free the path; the message says what is in the way.',
  },
  MS_HIGHLIGHTS_INVALID: {
    meaning: 'A highlights.json is not one, or of a version that this momentscan does not know.',
    remedy: 'Scan the video again, or use the momentscan that wrote it.',
  },
} as const;
