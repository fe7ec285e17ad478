/** A log for tests of other modules. Not for anything but tests. */
export { createTestLog, type TestLog } from '../testing.ts';
