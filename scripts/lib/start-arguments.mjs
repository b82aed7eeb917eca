const MEDIA = /:\/\/|\.(3gp|avi|flv|gif|m2ts|m4v|mkv|mov|mp4|mpe?g|mts|ogv|ts|webm|wmv)$/i;

/**
 * Puts the sample video in front of the arguments unless they name a video: as the first argument,
 * or anywhere by its ending or as a URL. Help needs none.
 *
 * @param {readonly string[]} args
 * @param {() => string} sampleVideo
 * @returns {readonly string[]}
 */
export function withSample(args, sampleVideo) {
  const isHelp = args.includes('--help') || args.includes('-h');
  const isNamed = args.some((arg, i) => !arg.startsWith('-') && (i === 0 || MEDIA.test(arg)));
  return isHelp || isNamed ? args : [sampleVideo(), ...args];
}
