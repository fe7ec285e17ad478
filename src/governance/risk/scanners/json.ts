import { list, type Loose, number, object, Scan, score, text, type Told } from './scanned.ts';

/** Trivy: version 2, the older list of results, and a cluster's resources. */
export function readTrivy(root: unknown): Scan {
  const scan = new Scan();
  const top = object(root);
  const results = (from: unknown, host: string | undefined, at: string): void => {
    for (const [i, result] of list(from).entries())
      for (const [j, item] of list(object(result)['Vulnerabilities']).entries())
        scan.add(
          { host: host ?? text(object(result)['Target']), ...ofTrivy(object(item)) },
          `${at}[${i}].Vulnerabilities[${j}]`,
        );
  };
  if (Array.isArray(root)) results(root, undefined, '');
  results(top['Results'], text(top['ArtifactName']), 'Results');
  for (const name of ['Resources', 'Vulnerabilities'])
    for (const [i, item] of list(top[name]).entries()) {
      const resource = object(item);
      const host = [resource['Namespace'], resource['Kind'], resource['Name']]
        .map(text)
        .filter(Boolean)
        .join('/');
      results(resource['Results'], host === '' ? undefined : host, `${name}[${i}].Results`);
    }
  return scan;
}

function ofTrivy(one: Loose): Told {
  const scores = Object.values(object(one['CVSS'])).map(object);
  const best = (names: readonly string[], read: (value: unknown) => number | undefined): number | undefined =>
    names.flatMap((name) => scores.map((by) => read(by[name]))).find((found) => found !== undefined);
  return {
    vulnerability: text(one['VulnerabilityID']),
    package: [text(one['PkgName']), text(one['InstalledVersion'])].filter(Boolean).join('@'),
    title: text(one['Title']) ?? text(one['VulnerabilityID']) ?? '',
    cvss: best(['V40Score', 'V3Score', 'V2Score'], score),
    vector: ['V40Vector', 'V3Vector', 'V2Vector']
      .flatMap((name) => scores.map((by) => text(by[name])))
      .find(Boolean),
  };
}

/** Grype's JSON. A match that is no CVE takes the name of a related one that is. */
export function readGrype(root: unknown): Scan {
  const scan = new Scan();
  const top = object(root);
  const target = object(top['source'])['target'];
  const host = text(target) ?? text(object(target)['userInput']);
  for (const [i, item] of list(top['matches']).entries()) {
    const match = object(item);
    const vulnerability = object(match['vulnerability']);
    const artifact = object(match['artifact']);
    const related = list(match['relatedVulnerabilities']).map(object);
    const id = text(vulnerability['id']);
    const cve = id?.startsWith('CVE-')
      ? id
      : related.map((one) => text(one['id'])).find((one) => one?.startsWith('CVE-'));
    const scores = [vulnerability, ...related].flatMap((one) => list(one['cvss']).map(object));
    const best = scores.find((one) => text(one['version'])?.startsWith('2') === false) ?? scores[0] ?? {};
    const epss = [vulnerability, ...related].flatMap((one) => list(one['epss']).map(object))[0] ?? {};
    scan.add(
      {
        host,
        vulnerability: cve ?? id,
        package: [text(artifact['name']), text(artifact['version'])].filter(Boolean).join('@'),
        title: text(vulnerability['description']) ?? text(related[0]?.['description']) ?? cve ?? id ?? '',
        cvss: score(object(best['metrics'])['baseScore']),
        vector: text(best['vector']),
        epss: number(epss['epss'], 0, 1),
        kev: [vulnerability, ...related].some((one) => list(one['knownExploited']).length > 0),
      },
      `matches[${i}]`,
    );
  }
  return scan;
}

/** OSV-Scanner's JSON: one finding for each group of aliases, as its own table has it. */
export function readOsv(root: unknown): Scan {
  const scan = new Scan();
  for (const [i, item] of list(object(root)['results']).entries()) {
    const result = object(item);
    const host = text(object(result['source'])['path']);
    for (const [j, each] of list(result['packages']).entries()) {
      const one = object(each);
      const about = object(one['package']);
      const known = new Map(
        list(one['vulnerabilities']).map((entry): [string | undefined, Loose] => [
          text(object(entry)['id']),
          object(entry),
        ]),
      );
      const groups = list(one['groups']).map((group) => ({
        group: object(group),
        ids: list(object(group)['ids']).map(text),
      }));
      const all = groups.length > 0 ? groups : [...known.keys()].map((id) => ({ group: {}, ids: [id] }));
      for (const { group, ids } of all) {
        const entries = ids.map((id) => known.get(id)).filter((entry) => entry !== undefined);
        const names = [
          ...ids,
          ...list(object(group)['aliases']).map(text),
          ...entries.flatMap((entry) => list(entry['aliases']).map(text)),
        ];
        const entry = object(entries[0]);
        const severity = list(entry['severity']).map(object)[0] ?? {};
        scan.add(
          {
            host,
            vulnerability: names.find((name) => name?.startsWith('CVE-')) ?? names.find(Boolean),
            package: [text(about['name']), text(about['version'])].filter(Boolean).join('@'),
            title: text(entry['summary']) ?? text(entry['details']) ?? names.find(Boolean) ?? '',
            cvss: score(object(group)['max_severity']),
            vector: text(severity['score']),
          },
          `results[${i}].packages[${j}]`,
        );
      }
    }
  }
  return scan;
}
