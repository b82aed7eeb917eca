import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RegionModel } from '../../src/detect/region-model.ts';
import { SsdDetector } from '../../src/detect/ssd-detector.ts';
import { InferenceEngine } from '../../src/engine/inference-engine.ts';
import { FACE_DETECTION_SHORT_RANGE, FACE_LANDMARK_MESH } from '../../src/model/catalogue.ts';
import { photograph } from '../support/pictures.ts';

const { signal } = new AbortController();

describe('more regions than the queue of an engine holds', () => {
  let engine: InferenceEngine;
  beforeAll(async () => {
    engine = await InferenceEngine.open({ queueCapacity: 4, laneCount: 2 });
  });
  afterAll(() => engine.close());

  it('all go through a model, in their order', async () => {
    const image = await photograph('audrey.jpg');
    const model = await RegionModel.load(engine, FACE_LANDMARK_MESH);
    const rois = Array.from({ length: 30 }, (_, i) => ({
      ...{ cx: 100 + i * 5, cy: 150, width: 200, height: 200, rotationRad: i / 10 },
    }));
    const together = await model.run(image, rois, signal);
    expect(together).toHaveLength(rois.length);
    for (const at of [0, 7, 29]) {
      expect(together[at]).toEqual((await model.run(image, [rois[at]!], signal))[0]);
    }
    expect(await model.run(image, [], signal)).toEqual([]);
  });

  it('all go through a detector, in their order', async () => {
    const detector = await SsdDetector.load(engine, FACE_DETECTION_SHORT_RANGE);
    const [one, other] = [await photograph('audrey.jpg'), await photograph('cage.jpg')];
    const found = await detector.detect(
      Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? one : other)),
      signal,
    );
    const [ofOne, ofOther] = await detector.detect([one, other], signal);
    expect(found).toEqual(found.map((_, i) => (i % 3 === 0 ? ofOne : ofOther)));
  });

  it('fail with the reason of the signal', async () => {
    const image = await photograph('audrey.jpg');
    const model = await RegionModel.load(engine, FACE_LANDMARK_MESH);
    const roi = { cx: 100, cy: 150, width: 200, height: 200, rotationRad: 0 };
    const controller = new AbortController();
    const running = model.run(image, Array<typeof roi>(30).fill(roi), controller.signal);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
  });
});
