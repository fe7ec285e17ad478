/**
 * `node bench/governance/risk-backtest.ts`: which vulnerabilities would have been mended first, by three orders, and how many of
 * those that turned out to be exploited are among the first k. Needs the vulnerability data beside the checkout.
 *
 * What it can't show: EPSS is at hand only for CVEs with some public exploit (Metasploit, Nuclei, KEV), so the easy part,
 * telling those from the rest, is not measured; and CVEs have no hosts here, so the graph has no say in it.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { sharedData } from '../../test/shared.ts';

const folder = sharedData('vulnerability');
if (folder === undefined) throw new Error('The vulnerability data is not beside the checkout.');
const read = (name: string): string => gunzipSync(readFileSync(`${folder}/${name}`)).toString();

type Kev = { vulnerabilities: { cveID: string; dateAdded: string }[] };
// CISA's own format.
const kev = JSON.parse(read('kev.json.gz')) as Kev;
const added = new Map(kev.vulnerabilities.map(({ cveID, dateAdded }) => [cveID, dateAdded]));
const all = read('epss-exploited-subset.csv.gz')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [cve = '', cvss, epss, , source = ''] = line.split(',');
    return { cve, cvss: Number(cvss), epss: Number(epss), source };
  })
  // Who is listed for KEV alone would be found by being listed.
  .filter(({ source }) => /metasploit|nuclei/i.test(source));

/** SOURCE: arXiv 2506.01220: EPSS of .088 or more, then CVSS of 7 or more; without KEV, which is the answer here. */
const chained = ({ cvss, epss }: { cvss: number; epss: number }): number =>
  epss >= 0.088 && cvss >= 7 ? 1 : 0;
const orders: Record<string, (a: (typeof all)[number], b: (typeof all)[number]) => number> = {
  'likelihood (ours: EPSS)': (a, b) => b.epss - a.epss || (a.cve < b.cve ? -1 : 1),
  Chaining: (a, b) => chained(b) - chained(a) || b.cvss - a.cvss || (a.cve < b.cve ? -1 : 1),
  'CVSS alone': (a, b) => b.cvss - a.cvss || (a.cve < b.cve ? -1 : 1),
};
for (const [title, exploited] of [
  ['in KEV at any time', (cve: string) => added.has(cve)],
  ['added to KEV in August 2025, after the scores', (cve: string) => (added.get(cve) ?? '') >= '2025-08-01'],
] as const) {
  const wanted = all.filter(({ cve }) => exploited(cve)).length;
  console.log(
    `${wanted} of ${all.length} CVEs with a public exploit were ${title}; of them among the first k:`,
  );
  console.table(
    Object.entries(orders).map(([order, by]) => {
      const ranked = [...all].sort(by);
      const among = (k: number): string => `${ranked.slice(0, k).filter(({ cve }) => exploited(cve)).length}`;
      return {
        order,
        'k = 50': among(50),
        'k = 200': among(200),
        'k = 500': among(500),
        'k = 1000': among(1000),
        'k = 2000': among(2000),
      };
    }),
  );
}
