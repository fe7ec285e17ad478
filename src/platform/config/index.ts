/**
 * What can be set, and what it is set to: from the environment and one file, checked before anything starts.
 * Not here: reading the environment (app and cli do).
 * INVARIANT: a setting that is not known is an error, never ignored.
 */
export { BadConfig, type ConfigSource, type Found, nearest, readConfig } from './config.ts';
export { type Address, type Config, type Setting, type SettingName, settings } from './settings.ts';
