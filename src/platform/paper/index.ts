/**
 * Letters for what is printed: the fonts that come with the program, by script, and text cut into pieces that one font
 * can set. Not here: what is printed. A script without a font shows as question marks, never as nothing.
 */
export { fontFile, type FontWeight, type Run, runsOf } from './fonts.ts';
