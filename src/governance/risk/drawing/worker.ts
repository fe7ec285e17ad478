/** Helps another thread with the draws of a risk: takes walks until none is left, and ends. */
import { workerData } from 'node:worker_threads';
import { walkOn, type Work } from '@ironbark/risk';

// Our own thread gives nothing else.
walkOn(workerData as Work);
