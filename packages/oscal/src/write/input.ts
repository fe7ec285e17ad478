/**
 * What the writers take and the readers give back: plain things of this house, no OSCAL in them.
 * A `key` names a thing within its document; uuids are made of the namespace, the document's key and the thing's key,
 * so that the same content has the same uuids every time.
 */

/** A day or moment; written with its zone (UTC). */
export type When = Date;

/** Facts of one's own beside what OSCAL has a place for: written as properties of this house's namespace. */
export type Facts = Readonly<Record<string, string>>;

export type PartyInput = { key: string; kind: 'organization' | 'person'; name: string; email?: string };

/** A file or page the document speaks of: evidence, a proof, the profile that is imported. */
export type ResourceInput = {
  key: string;
  title: string;
  description?: string;
  /** Where it is; relative for files that go with the document. */
  href?: string;
  mediaType?: string;
  /** SHA-256 of the file, hex. Needs `href`. */
  sha256?: string;
  /** The file itself, base64. */
  base64?: string;
  facts?: Facts;
};

/** What every document starts with. */
export type Head = {
  /** Who writes: a URI; it keeps the uuids of two houses apart. */
  namespace: string;
  /** What the document is of, e.g. `ssp/odce`: the same key is the same document in its next version. */
  key: string;
  title: string;
  version: string;
  lastModified: When;
  published?: When;
  parties?: readonly PartyInput[];
  /** Role id (`prepared-by`, `system-owner`) to keys of parties. */
  responsible?: Readonly<Record<string, readonly string[]>>;
  remarks?: string;
  facts?: Facts;
  resources?: readonly ResourceInput[];
};

/** ASD's words for where a control stands. */
export type AsdStatus =
  | 'Not Assessed'
  | 'Effective'
  | 'Alternate Control'
  | 'Ineffective'
  | 'No Visibility'
  | 'Not Implemented'
  | 'Not Applicable';

export type ComponentInput = {
  key: string;
  /** `service`, `software`, `hardware`, `policy`, `network`, … */
  type: string;
  title: string;
  description: string;
  purpose?: string;
  status: 'under-development' | 'operational' | 'disposition' | 'other';
  facts?: Facts;
};

export type InventoryInput = {
  key: string;
  description: string;
  components?: readonly string[];
  facts?: Facts;
};

/** How one control is met, by the system as a whole or by a component of it. */
export type ControlAnswer = {
  /** The control's id in the catalogue. */
  control: string;
  status: AsdStatus;
  /** How it is met, in Markdown. */
  narrative: string;
  /** Key of the component that meets it; the system itself when left out. */
  component?: string;
  /** Why the status is what it is, or what is missing. */
  because?: string;
  /** ASD's words: Cloud Service Provider, Consumer, Shared, … */
  responsibleEntity?: string;
  /** ASD's words: Inherited, Configurable, … */
  customerResponsibility?: string;
  /** SHA-256 of the statement that was answered, hex. */
  statementHash?: string;
  owner?: string;
  facts?: Facts;
};

export type SspInput = {
  head: Head;
  /** The profile or catalogue the controls are of: a path, a URL, or `#` and the key of a resource of the head. */
  profile: string;
  system: {
    id: string;
    name: string;
    description: string;
    /** The marking, e.g. `PROTECTED`. */
    sensitivity?: string;
    status: 'operational' | 'under-development' | 'under-major-modification' | 'disposition' | 'other';
    statusRemarks?: string;
    boundary: string;
    network?: string;
    dataFlow?: string;
    information: readonly {
      key: string;
      title: string;
      description: string;
      /** Impact base values, e.g. `moderate`. */
      confidentiality?: string;
      integrity?: string;
      availability?: string;
    }[];
    impact?: { confidentiality: string; integrity: string; availability: string };
    facts?: Facts;
  };
  users?: readonly { key: string; title: string; description?: string; facts?: Facts }[];
  /** Authorisations of providers that this system builds upon. */
  leveraged?: readonly { key: string; title: string; party: string; authorised: string; facts?: Facts }[];
  components?: readonly ComponentInput[];
  inventory?: readonly InventoryInput[];
  /** At least one; several for one control when several components meet it. */
  controls: readonly ControlAnswer[];
  description: string;
};

/** What was looked at or asked. */
export type ObservationInput = {
  key: string;
  title?: string;
  description: string;
  methods: readonly ('EXAMINE' | 'INTERVIEW' | 'TEST' | 'UNKNOWN')[];
  types?: readonly string[];
  collected: When;
  expires?: When;
  /** Keys of components of the head's system, or things named for themselves. */
  subjects?: readonly { key: string; type: string; title?: string }[];
  /** Keys of resources of the head. */
  evidence?: readonly { resource: string; description: string }[];
  facts?: Facts;
  remarks?: string;
};

/** Where a control stands after the assessment. Unknown is a value of its own: no finding says it. */
export type Determination = {
  control: string;
  state: 'satisfied' | 'not-satisfied' | 'unknown';
  because: string;
  /** Of `unknown`: which evidence would settle it. */
  wouldSettle?: readonly string[];
  /** Keys of observations; of `satisfied` and `not-satisfied` at least one. */
  observations: readonly string[];
  /** Keys of risks. */
  risks?: readonly string[];
  /** When it was judged: the time of the observation that says why it is unknown. */
  judged: When;
  expires?: When;
  facts?: Facts;
};

export type Facet = {
  name: string;
  value: string /** A URI; this house's when left out. */;
  system?: string;
};

export type RiskInput = {
  key: string;
  title: string;
  description: string;
  statement: string;
  status: 'open' | 'investigating' | 'remediating' | 'deviation-requested' | 'deviation-approved' | 'closed';
  /** Score, interval, causes: names are tokens. */
  facets?: readonly Facet[];
  deadline?: When;
  mitigating?: readonly { key: string; description: string }[];
  remediations?: readonly {
    key: string;
    lifecycle: 'recommendation' | 'planned' | 'completed';
    title: string;
    description: string;
    milestones?: readonly { key: string; title: string; description?: string; due: When }[];
    facts?: Facts;
  }[];
  log?: readonly {
    key: string;
    title?: string;
    description?: string;
    start: When;
    end?: When;
    status?: RiskInput['status'];
  }[];
  observations?: readonly string[];
  facts?: Facts;
};

export type ToolInput = { key: string; title: string; description?: string; facts?: Facts };

export type AssessmentPlanInput = {
  head: Head;
  /** The system security plan: a path, a URL, or `#` and the key of a resource of the head. */
  ssp: string;
  description?: string;
  /** Control ids under assessment; every control of the profile when left out. */
  controls?: readonly string[];
  excluded?: readonly string[];
  activities?: readonly {
    key: string;
    title: string;
    description: string;
    controls?: readonly string[];
    facts?: Facts;
  }[];
  tasks?: readonly {
    key: string;
    type: 'action' | 'milestone';
    title: string;
    description?: string;
    /** On that day, or from then to `end`; none for a task that has no time yet. */
    start?: When;
    end?: When;
    activities?: readonly string[];
  }[];
  tools?: readonly ToolInput[];
};

export type AssessmentResultsInput = {
  head: Head;
  /** The assessment plan: a path, a URL, or `#` and the key of a resource of the head. */
  plan: string;
  results: readonly {
    key: string;
    title: string;
    description: string;
    start: When;
    end?: When;
    tools?: readonly ToolInput[];
    components?: readonly ComponentInput[];
    observations: readonly ObservationInput[];
    /** One for each control that was reviewed. */
    determinations: readonly Determination[];
    risks?: readonly RiskInput[];
    facts?: Facts;
    remarks?: string;
  }[];
};

export type PoamInput = {
  head: Head;
  ssp?: string;
  systemId?: string;
  components?: readonly ComponentInput[];
  observations?: readonly ObservationInput[];
  risks?: readonly RiskInput[];
  items: readonly {
    key: string;
    title: string;
    description: string;
    controls?: readonly string[];
    observations?: readonly string[];
    risks?: readonly string[];
    due?: When;
    owner?: string;
    status?: string;
    facts?: Facts;
    remarks?: string;
  }[];
};

export type ComponentDefinitionInput = {
  head: Head;
  components: readonly {
    key: string;
    type: string;
    title: string;
    description: string;
    purpose?: string;
    facts?: Facts;
    /** What it meets, of which catalogue or profile. */
    implementations?: readonly {
      key: string;
      source: string;
      description: string;
      controls: readonly Omit<ControlAnswer, 'component'>[];
    }[];
  }[];
};

export type ProfileInput = {
  head: Head;
  imports: readonly {
    /** A path, a URL, or `#` and the key of a resource of the head. */
    href: string;
    include: 'all' | readonly string[];
    exclude?: readonly string[];
  }[];
  /** Keep the groups of what is imported; else one flat list. */
  keepsGroups: boolean;
  /** Parameter id to its values. */
  parameters?: Readonly<Record<string, readonly string[]>>;
  /** Guidance of one's own added to controls. */
  additions?: readonly { control: string; facts?: Facts; guidance?: { key: string; prose: string } }[];
};

/** What was to be written can't be: the message says what is missing. */
export class InputFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InputFault';
  }
}
