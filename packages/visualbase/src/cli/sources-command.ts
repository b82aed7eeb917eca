import { Command } from '@commander-js/extra-typings';
import { formatTable } from '../command/format-table.ts';
import { runAction } from '../command/run-action.ts';

/** `visualbase sources`. */
export const sourcesCommand = new Command('sources')
  .description('List the cameras of this computer, and what else frames can come from')
  .option('--json', 'print the cameras for machines', false)
  .action(({ json }) =>
    runAction('visualbase', async () => {
      const { listCameras } = await import('../source/list-cameras.ts');
      const cameras = await listCameras();
      if (json) {
        console.log(JSON.stringify({ cameras }, undefined, 2));
        return;
      }
      const rows = cameras.map(({ id, name }, i) => [`camera:${i}`, name, id]);
      const lines = rows.length === 0 ? ['No cameras were found.'] : formatTable(rows);
      console.log(`${lines.join('\n')}\n${OTHERS}`);
    }),
  );

const OTHERS = `
Frames can also come from
  a video file          party.mp4
  pictures              shots/  shot-%04d.png  "*.jpg"
  a stream              rtsp://...  http://...  udp://...  tcp://...  srt://...  rtmp://...
  FFmpeg itself         lavfi:testsrc2=size=640x360:rate=30:duration=5`;
