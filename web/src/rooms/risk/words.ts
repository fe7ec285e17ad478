import type { Outcome, RiskView } from '#contract/governance/risk';

/** Two figures, so that an interval does not look surer than it is: 12 %, 0.45 %. */
export function percent(p: number): string {
  if (p === 0) return '0 %';
  const value = p * 100;
  return value >= 10 ? `${Math.round(value)} %` : `${Number(value.toPrecision(2))} %`;
}
export function aud(value: number): string {
  const [size, unit] = value >= 1e6 ? [1e6, ' m'] : value >= 1e3 ? [1e3, ' k'] : [1, ''];
  return `AUD ${Number((value / size).toPrecision(2))}${unit}`;
}
export const lossOf: Readonly<Record<Outcome['dimension'], string>> = {
  C: 'disclosed',
  I: 'altered',
  A: 'not available',
};
export const treatmentWord: Readonly<Record<RiskView['treatment'], string>> = {
  avoid: 'Avoid',
  modify: 'Modify',
  share: 'Share',
  retain: 'Retain',
};
export const days = (age: number | null): string =>
  age === null ? 'age not known' : age < 1 ? 'of today' : `${Math.round(age)} days old`;
