/** The task queue that workers of a fleet poll, and on which roll-outs are started. */
export const taskQueue = 'fleet';
