import type { LogSource, SigmaEvent } from '@ironbark/sigma';
import { type FieldPath, fieldPath, firstValue } from './fields.ts';
import type { FormatMap } from './map.ts';
import { type Column, chooseCase, compilePlan, fits, type Plan } from './plan.ts';
import { textOf } from './values.ts';

type Route = {
  readonly switch: readonly FieldPath[];
  /** By the switch field's value in lower case; only values that a case names. */
  readonly byValue: ReadonlyMap<string, Plan>;
  readonly otherwise: Plan;
};

/** A hostile source could make routes without end; past this the table starts anew. */
const maxRoutes = 4096;

/**
 * Chooses the plan of an event. Plans are made once per route, for every value of the map's switch field that a case
 * names, and shared by all events of it.
 */
export class Planner {
  readonly #maps: readonly FormatMap[];
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #routes = new Map<string, Route>();
  readonly #unmapped: Route;

  /** @throws {MapFault} for a map that names an unknown column or a value that does not fit one */
  constructor(maps: readonly FormatMap[], columns: ReadonlyMap<string, Column>) {
    this.#maps = maps;
    this.#columns = columns;
    for (const map of maps) for (const one of [undefined, ...map.cases]) compilePlan(map, columns, one);
    this.#unmapped = { switch: [], byValue: new Map(), otherwise: unmappedPlan(columns) };
  }

  planOf(event: SigmaEvent): Plan {
    const route = this.#routes.get(event.routeKey) ?? this.#open(event);
    if (route.byValue.size === 0) return route.otherwise;
    const value = textOf(firstValue(event.fields, route.switch));
    return (value === undefined ? undefined : route.byValue.get(value.toLowerCase())) ?? route.otherwise;
  }

  #open(event: SigmaEvent): Route {
    const map = bestMap(this.#maps, event.logsources);
    const route = map === undefined ? this.#unmapped : this.#route(map, event.logsources);
    if (this.#routes.size >= maxRoutes) this.#routes.clear();
    this.#routes.set(event.routeKey, route);
    return route;
  }

  #route(map: FormatMap, sources: readonly LogSource[]): Route {
    const plan = (value: string | undefined): Plan =>
      compilePlan(map, this.#columns, chooseCase(map, sources, value));
    const values = new Set(
      map.cases.flatMap((one) => one.is ?? []).map((value) => String(value).toLowerCase()),
    );
    return {
      switch: (typeof map.switch === 'string' ? [map.switch] : (map.switch ?? [])).map(fieldPath),
      byValue: new Map([...values].map((value) => [value, plan(value)])),
      otherwise: plan(undefined),
    };
  }
}

/** The map whose pattern says most about these log sources; of equals the first. */
function bestMap(maps: readonly FormatMap[], sources: readonly LogSource[]): FormatMap | undefined {
  let best: FormatMap | undefined;
  let most = 0;
  for (const map of maps) {
    for (const pattern of map.applies) {
      const parts = Object.keys(pattern).length;
      if (parts > most && sources.some((source) => fits(pattern, source))) {
        best = map;
        most = parts;
      }
    }
  }
  return best;
}

/** For what no map knows: the names that most producers share. The event is stored as it is and counted. */
function unmappedPlan(columns: ReadonlyMap<string, Column>): Plan {
  const map: FormatMap = {
    format: 'unmapped',
    version: 1,
    vendor: '',
    product: '',
    applies: [],
    time: ['@timestamp', 'timestamp', 'time', 'ts', 'eventTime', 'date', 'created_at', 'TimeGenerated'],
    columns: {
      message: ['message', 'msg', 'Message'],
      device_hostname: ['hostname', 'host', 'host.name', 'Computer'],
    },
    cases: [],
  };
  return { ...compilePlan(map, columns, undefined), mapped: false };
}
