import { Command, Option } from '@commander-js/extra-typings';
import { count, EXIT, pixels, positive, runAction } from 'visualbase/command';
import { badMarkWarner, moduleOption, note } from './shared-flags.ts';
import { StandardOutput } from './standard-output.ts';

/** `vpx run MODULES -i INPUT`. */
export const runCommand = new Command('run')
  .description('Run modules on a video, and print what they see in each frame')
  .argument('<modules>', 'names with commas between, such as face.detect,hand.gesture')
  .requiredOption('-i, --input <source>', 'a file, a folder of pictures, camera:0, rtsp://...')
  .option('--fps <rate>', 'frames per second to look at; by default every one', positive)
  .option('--max-side <pixels>', 'shrink frames to this longer side', pixels)
  .option('--max-frames <n>', 'end after so many frames', count)
  .addOption(
    new Option('--viz <how>', 'text: a line a frame; save: a video with marks, to -o').choices([
      'text',
      'save',
    ] as const),
  )
  .option('-o, --output <path>', 'the video of --viz save, .mp4 or .mkv')
  .option('--force', 'replace the output if it exists', false)
  .option('--json', 'print a JSON object a line for each frame', false)
  .option('--data', 'with --json: all data, such as boxes and meshes, not signals only', false)
  .addOption(moduleOption)
  .option('-q, --quiet', 'show neither progress nor summary', false)
  .addHelpText(
    'after',
    `
Modules that others need are added by themselves. Results go to the standard output, everything
else to stderr. A line of --json:
  {"frameId":0,"tNs":0,"observations":{"face.detect":{"signals":{"face_count":1,...}}}}
With "data" (--data) typed arrays are lists of numbers. What is no number is null.

Examples:
  vpx run hand.gesture -i party.mp4 --fps 10
  vpx run face.detect,body.pose -i camera:0 --max-frames 100
  vpx run face.expression -i talk.mp4 --json | jq '.observations["face.expression"].signals'
  vpx run face.detect -i talk.mp4 --option face.detect.range=short --viz save -o faces.mp4

Ctrl-C ends; the video of what was seen by then is completed.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C`,
  )
  .action((modules, flags) =>
    runAction('vpx', (signal) => runModules(modules, { ...flags, signal })),
  );

type Flags = ReturnType<(typeof runCommand)['opts']> & { readonly signal: AbortSignal };

async function runModules(names: string, flags: Flags): Promise<number> {
  const { input, output: path, force, json, data: hasData, quiet, signal } = flags;
  const viz = flags.viz ?? (path === undefined ? 'text' : 'save');
  if (viz === 'save' && path === undefined)
    throw new RangeError('--viz save needs a path with -o.');
  if (viz === 'text' && path !== undefined) throw new RangeError('-o is for --viz save.');
  if (hasData && !json) throw new RangeError('--data is for --json.');

  const [{ InstalledModules }, { openModules, parseModuleNames }, { analyse, summaryOf }, lines] =
    await Promise.all([
      import('./installed-modules.ts'),
      import('./open-modules.ts'),
      import('./analysis.ts'),
      import('./frame-lines.ts'),
    ]);
  const [{ OverlayVideo }, { checkOverlayPath }] = await Promise.all([
    import('./overlay-video.ts'),
    import('./overlay-path.ts'),
  ]);
  if (path !== undefined) await checkOverlayPath(path, { input, force });
  const opened = await openModules(new InstalledModules(), parseModuleNames(names), flags.option);
  if (!quiet) opened.notes.forEach(note);

  const output = new StandardOutput();
  const isPrinting = json || viz === 'text';
  // On a terminal a bar and lines would get in each other's way.
  const hasProgress = !quiet && !(isPrinting && process.stdout.isTTY);
  let video: InstanceType<typeof OverlayVideo> | undefined;
  try {
    const analysis = await analyse(
      opened,
      { ...flags, verbs: hasProgress ? { doing: 'Running', done: 'Ran' } : undefined },
      {
        start: ({ fps = 30 }) => {
          if (path === undefined) return;
          const { modules } = opened;
          video = new OverlayVideo({ path, fps, modules, onBadMark: badMarkWarner() });
        },
        frame: async (frame, observations) => {
          if (json) output.print(lines.jsonLine(frame, observations, { hasData }));
          else if (isPrinting) output.print(lines.textLine(frame, observations));
          await video?.add(frame, observations);
          return !output.isClosed;
        },
      },
    );
    const written = await video?.finish();
    if (!quiet) {
      summaryOf(analysis).forEach(note);
      if (written !== undefined) note(`${written.frameCount} frames written to ${written.path}`);
      else if (path !== undefined) note('no frames, so that no video was written');
    }
    return signal.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    await video?.[Symbol.asyncDispose]();
  }
}
