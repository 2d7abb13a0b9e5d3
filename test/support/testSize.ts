/**
 * Whether tests of many cases run them all, as they do in continuous integration (`.github/workflows/ci.yml`); else a part that shows every kind
 * of case, for whoever waits for the tests.
 */
export const isFullSize = process.env['TEST_SIZE'] === 'full';
