import { mkdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { pickCamera } from '../../src/source/camera-source.ts';
import { openSource, parseSource } from '../../src/source/open-source.ts';
import { useTempFolder } from './read-source.ts';

const inFolder = useTempFolder();
beforeAll(async () => {
  await mkdir(inFolder('shots'));
  await writeFile(inFolder('talk.mp4'), '');
  await writeFile(inFolder('odd:name.mp4'), '');
  await writeFile(inFolder('still.png'), '');
});

describe('parseSource', () => {
  it.each([
    ['camera:0', { kind: 'camera', camera: '0' }],
    ['camera:', { kind: 'camera', camera: '0' }],
    ['camera:/dev/video2', { kind: 'camera', camera: '/dev/video2' }],
    ['CAMERA:HD Webcam', { kind: 'camera', camera: 'HD Webcam' }],
    ['lavfi:testsrc2=size=64x48', { kind: 'virtual', graph: 'testsrc2=size=64x48' }],
    ['rtsp://host/door', { kind: 'stream', url: 'rtsp://host/door' }],
    ['HTTPS://host/a.m3u8', { kind: 'stream', url: 'HTTPS://host/a.m3u8' }],
    ['srt://host:9000', { kind: 'stream', url: 'srt://host:9000' }],
    ['shot-%04d.png', { kind: 'images', path: 'shot-%04d.png' }],
    ['*.jpg', { kind: 'images', path: '*.jpg' }],
    ['missing.mp4', { kind: 'file', path: 'missing.mp4' }],
    ['missing:odd.mp4', { kind: 'file', path: 'missing:odd.mp4' }],
  ])('reads %j', async (text, spec) => {
    expect(await parseSource(text)).toEqual(spec);
  });

  it('looks at what is there: a folder holds pictures, a file whatever its name is a video', async () => {
    expect(await parseSource(inFolder('shots'))).toMatchObject({ kind: 'images' });
    expect(await parseSource(inFolder('still.png'))).toMatchObject({ kind: 'images' });
    expect(await parseSource(inFolder('talk.mp4'))).toMatchObject({ kind: 'file' });
    expect(await parseSource(inFolder('odd:name.mp4'))).toMatchObject({ kind: 'file' });
    const url = pathToFileURL(inFolder('talk.mp4')).href;
    expect(await parseSource(url)).toEqual({ kind: 'file', path: inFolder('talk.mp4') });
  });

  it('takes a video for one that is there, whatever signs are in its name', async () => {
    for (const name of ['why?.mp4', '100%d.mp4', 'a*b.mkv']) {
      await writeFile(inFolder(name), '');
      expect(await parseSource(inFolder(name))).toMatchObject({ kind: 'file' });
    }
  });

  it.each(['', '  ', 'foo://host/x', 'lavfi:', 'concat://a|b', 'gopher://x'])(
    'refuses %j, naming what is understood',
    async (text) => {
      const opening = openSource(text);
      await expect(opening).rejects.toMatchObject({ code: 'VB_SOURCE_UNKNOWN' });
      await expect(opening).rejects.toThrow(/rtsp:\/\//);
    },
  );
});

describe('a camera', () => {
  const cameras = [
    { id: '/dev/video0', name: 'Integrated Camera', isDefault: true },
    { id: '/dev/video2', name: 'Logitech BRIO', isDefault: false },
  ];

  it.each([
    [0, '/dev/video0'],
    ['1', '/dev/video2'],
    ['/dev/video2', '/dev/video2'],
    ['brio', '/dev/video2'],
    ['/dev/video9', '/dev/video9'],
  ])('is found by %j', (wanted, id) => {
    expect(pickCamera(cameras, wanted).id).toBe(id);
  });

  it.each([2, 'Canon', ''])(
    'that is not there (%j) is an error naming those that are',
    (wanted) => {
      expect(() => pickCamera(cameras, wanted)).toThrow(/Logitech BRIO \(\/dev\/video2\)/);
    },
  );
});
