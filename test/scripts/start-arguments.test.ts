import { describe, expect, it } from 'vitest';
import { withSample } from '../../scripts/lib/start-arguments.mjs';

const SAMPLE = 'sample.mp4';
const complete = (...args: string[]): readonly string[] => withSample(args, () => SAMPLE);

describe('withSample', () => {
  it('puts the sample in front when there are no arguments or only options', () => {
    expect(complete()).toEqual([SAMPLE]);
    expect(complete('--fps', '5', '-o', 'out')).toEqual([SAMPLE, '--fps', '5', '-o', 'out']);
  });

  it.each([
    [['party']],
    [['my party.mp4', '--fps', '5']],
    [['--fps', '5', 'party.MOV']],
    [['-o', 'out', 'rtsp://camera/1']],
    [['--help']],
    [['--fps', '5', '-h']],
  ])('leaves %j alone, which names a video or asks for help', (args) => {
    expect(complete(...args)).toEqual(args);
  });

  it('looks for the sample only when it is needed', () => {
    const noSample = (): string => {
      throw new Error('the sample is not installed');
    };
    expect(withSample(['party.mp4'], noSample)).toEqual(['party.mp4']);
  });
});
