import type { Detection } from 'vpx-sdk';
import type { LocatedBody } from '../model/pose-landmark-model.ts';
import { regionOfCircle, regionOfDetection } from './pose-region.ts';
import { radiusOf } from './same-body.ts';

// Measured: people that are seen well have detections of 0.9 and presences of 0.99; cars from above
// reach 0.52 and 1.0 now and then, never twice in a row, and lie across the picture.

/** Detections from here on count as signs of a person who is known. */
export const MIN_SIGN = 0.2;
/** A detection from here on is believed at once; others must come twice in a row. */
const STRONG_DETECTION = 0.8;
/** Least score of new people who are small: of ten times as many pictures, more show a car as a person. */
export const MIN_TILE_SCORE = 0.6;
/** New people must be clear to the landmark model; known ones only more likely than not. */
const MIN_NEW_PRESENCE = 0.9;
const MIN_PRESENCE = 0.5;
/** A body that is followed at less is likely to lie otherwise. */
const SURE_PRESENCE = 0.95;
/** People who are doubtful must at least be upright to about this. */
const MAX_DOUBTFUL_TILT_RAD = Math.PI / 3;

/** True if a detection is believed at once. */
export const isStrong = ({ score }: Detection): boolean => score >= STRONG_DETECTION;

/** True if it is worth to look for a person's landmarks where none is known yet. */
export function isCandidate(detection: Detection, minConfidence: number): boolean {
  const { width, rotationRad } = regionOfDetection(detection);
  if (!(width >= 1) || detection.score < minConfidence) return false;
  return isStrong(detection) || Math.abs(rotationRad) <= MAX_DOUBTFUL_TILT_RAD;
}

// Regions of one body that differ by more than this cannot both be right.
const MAX_TURN_RAD = 0.4;
const MAX_SCALE = 1.35;

/** True if a clear detection says that a body lies otherwise than its landmarks have it. */
export function contradicts(detection: Detection, body: LocatedBody): boolean {
  if (!isStrong(detection)) return false;
  const seen = regionOfDetection(detection);
  const followed = regionOfCircle(body.centre, body.rim);
  const turnRad = seen.rotationRad - followed.rotationRad;
  const scale = seen.width / followed.width;
  return Math.cos(turnRad) < Math.cos(MAX_TURN_RAD) || scale > MAX_SCALE || scale < 1 / MAX_SCALE;
}

/** True if the landmark model agrees that a candidate is a person. */
export const isNewBody = (body: LocatedBody): boolean =>
  body.presence >= MIN_NEW_PRESENCE && radiusOf(body) >= 1;

/** True if the landmarks of a person are likely to be wrong. */
export const isDoubtful = (body: LocatedBody): boolean => body.presence < SURE_PRESENCE;

/** True if a person who was followed is still there. */
export const isStillBody = (body: LocatedBody): boolean =>
  body.presence >= MIN_PRESENCE && radiusOf(body) >= 1;
