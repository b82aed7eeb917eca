import { expect, it } from 'vitest';
import { defaultOverlayPath } from '../../src/cli/overlay-path.ts';

it.each([
  ['party.mp4', 'party-annotated.mp4'],
  ['/videos/a.b/party.webm', 'party-annotated.mp4'],
  ['file:///videos/party.mkv', 'party-annotated.mp4'],
  ['shots/', 'shots-annotated.mp4'],
  ['camera:0', 'camera-0-annotated.mp4'],
])('a video of %s is called %s', (input, path) => expect(defaultOverlayPath(input)).toBe(path));

it('has no password of an address in its name', () => {
  const path = defaultOverlayPath('rtsp://me:secret@10.0.0.1:554/door?token=abc#x');
  expect(path).toMatch(/^rtsp.*10\.0\.0\.1.*door-annotated\.mp4$/);
  expect(path).not.toMatch(/secret|me|abc|\//);
});
