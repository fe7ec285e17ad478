import type { Catalog, Part } from '../generated/types.ts';
import { type Fault, quoted, step } from '../fault.ts';
import type { OscalDocument } from '../read/models.ts';
import { forEachControl } from '../resolve/select.ts';
import type { Find, NamedDocument, Reference } from '../resolve/find.ts';
import { resolveProfile } from '../resolve/resolve.ts';

type Import = { href: string; where: string };

/** What a document builds upon, as it says. */
export function importsOf({ model, value }: OscalDocument): readonly Import[] {
  const at = (path: string, href: string): Import => ({ href, where: `/${model}/${path}` });
  switch (model) {
    case 'profile':
      return value.imports.map(({ href }, index) => at(`imports${step(index)}/href`, href));
    case 'system-security-plan':
      return [at('import-profile/href', value['import-profile'].href)];
    case 'assessment-plan':
      return [at('import-ssp/href', value['import-ssp'].href)];
    case 'assessment-results':
      return [at('import-ap/href', value['import-ap'].href)];
    case 'plan-of-action-and-milestones':
      return value['import-ssp'] === undefined ? [] : [at('import-ssp/href', value['import-ssp'].href)];
    case 'component-definition':
      return [
        ...(value['import-component-definitions'] ?? []).map(({ href }, index) =>
          at(`import-component-definitions${step(index)}/href`, href),
        ),
        ...(value.components ?? []).flatMap((component, index) =>
          (component['control-implementations'] ?? []).map(({ source }, place) =>
            at(`components${step(index)}/control-implementations${step(place)}/source`, source),
          ),
        ),
      ];
    case 'catalog':
    case 'mapping-collection':
      return [];
  }
}

/** What an import points to; a fault when its own back matter does not say where. */
export function targetOf({ value }: OscalDocument, { href, where }: Import): Reference | Fault {
  if (!href.startsWith('#')) return { href, hrefs: [href] };
  const backMatter = value['back-matter'];
  const resource = backMatter?.resources?.find(({ uuid }) => `#${uuid}`.toLowerCase() === href.toLowerCase());
  const rlinks = resource?.rlinks ?? [];
  if (resource === undefined || (rlinks.length === 0 && resource.base64 === undefined))
    return {
      code: backMatter === undefined ? 'missing-back-matter' : 'unresolved-import',
      where,
      what:
        resource === undefined
          ? `The import points to ${quoted(href)}, which is ${backMatter === undefined ? 'in back matter, and there is none' : 'no resource of the back matter'}.`
          : `The import points to ${quoted(href)}, a resource with neither a link nor a file.`,
      help: 'Add a resource with that uuid and a link to the document, or write the link itself.',
    };
  return {
    href,
    hrefs: rlinks.map((link) => link.href),
    ...(resource.title === undefined ? {} : { title: resource.title }),
    ...(resource.base64 === undefined ? {} : { embedded: resource.base64.value }),
  };
}

/**
 * Imports that lead in a circle, or nowhere. What is not at hand is only a fault when `complete` asks for all of it.
 * @returns faults at the imports of this document
 */
export function importFaults(file: NamedDocument, find: Find, complete: boolean): readonly Fault[] {
  return importsOf(file.document).flatMap((each): readonly Fault[] => {
    const target = targetOf(file.document, each);
    if ('code' in target) return [target];
    const next = find(target);
    if (next === undefined)
      return complete && target.embedded === undefined
        ? [
            {
              code: 'unresolved-import',
              where: each.where,
              what: `${quoted(target.title ?? target.hrefs[0] ?? target.href)} is not at hand.`,
              help: 'Give its file too: nothing is fetched.',
            },
          ]
        : [];
    const circle = circleFrom(file, next, find);
    return circle === undefined
      ? []
      : [
          {
            code: 'circular-import',
            where: each.where,
            what: `The imports go in a circle: ${circle.join(' -> ')}.`,
            help: 'Let one of them import what it needs itself.',
          },
        ];
  });
}

/** The names from a file by way of what it imports back to itself, if there is such a way. */
function circleFrom(file: NamedDocument, first: NamedDocument, find: Find): readonly string[] | undefined {
  const seen = new Set<OscalDocument>();
  const stack = [{ at: first, names: [file.name, first.name] }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { at, names } = next;
    if (at.document === file.document) return names;
    if (seen.has(at.document)) continue;
    seen.add(at.document);
    for (const each of importsOf(at.document)) {
      const target = targetOf(at.document, each);
      const found = 'code' in target ? undefined : find(target);
      if (found !== undefined) stack.push({ at: found, names: [...names, found.name] });
    }
  }
  return undefined;
}

/** Ids of what a document is written against: of controls, and of the parts in them (statements, objectives). */
export type Written = { controls: ReadonlySet<string>; parts: ReadonlySet<string> };

/** By way of plan, profile and catalogue; undefined when one is not at hand. */
export function writtenAgainst(document: OscalDocument, find: Find, depth = 0): Written | undefined {
  if (document.model === 'catalog') return idsOf(document.value);
  if (document.model === 'profile') {
    const resolved = resolveProfile('', document.value, {
      find,
      uuid: document.value.uuid,
      now: new Date(0),
    });
    return resolved.ok ? idsOf(resolved.catalog) : undefined;
  }
  // A component definition may be written against several: a control of any of them is known.
  const sources = importsOf(document).map((each) => {
    const target = targetOf(document, each);
    const found = 'code' in target ? undefined : find(target);
    return found === undefined || depth > 8 ? undefined : writtenAgainst(found.document, find, depth + 1);
  });
  const all = sources.filter((one) => one !== undefined);
  if (all.length === 0 || all.length < sources.length) return undefined;
  return {
    controls: new Set(all.flatMap(({ controls }) => [...controls])),
    parts: new Set(all.flatMap(({ parts }) => [...parts])),
  };
}

function idsOf(catalog: Catalog): Written {
  const controls = new Set<string>();
  const parts = new Set<string>();
  const within = (some: readonly Part[] | undefined): void => {
    for (const part of some ?? []) {
      if (part.id !== undefined) parts.add(part.id);
      within(part.parts);
    }
  };
  forEachControl(catalog, (control) => {
    controls.add(control.id);
    within(control.parts);
  });
  return { controls, parts };
}
