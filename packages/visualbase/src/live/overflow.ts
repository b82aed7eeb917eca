/**
 * What happens when frames come faster than they are read: `wait` holds the source up, `dropOldest`
 * gives up the frame that waits longest, `latest` keeps only the newest.
 */
export type OverflowPolicy = 'wait' | 'dropOldest' | 'latest';
