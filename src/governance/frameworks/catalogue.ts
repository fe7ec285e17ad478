/** An edition as it was read. What is empty there is empty here. */
export type Edition = {
  readonly id: string;
  /** 'ism': stable from one edition to the next. */
  readonly framework: string;
  readonly version: string;
  readonly title: string;
  readonly origin: string;
  readonly oscalVersion: string;
  readonly publishedAt: Date | undefined;
  readonly own: boolean;
  readonly remark: string;
  readonly packId: string;
  readonly importedAt: Date;
  readonly importedBy: string;
};

export type EditionControl = {
  /** 'ism-1504' */
  readonly id: string;
  /** False for principles and other entries that nobody assesses. */
  readonly assessed: boolean;
  readonly label: string;
  readonly title: string;
  readonly statement: string;
  /** SHA-256 of the statement, in hex. */
  readonly statementHash: string;
  /** What the catalogue says around it: the topic's overview, in Markdown. */
  readonly guidance: string;
  /** Titles of the groups around it, outermost first: guideline, section, topic. */
  readonly path: readonly string[];
  /** NC, OS, P, S, TS: no ladder. */
  readonly applicability: readonly string[];
  /** ML1, ML2, ML3: not cumulative. */
  readonly e8Levels: readonly string[];
  readonly revision: number | undefined;
  /** As the catalogue writes it: 'Dec-25'. */
  readonly updated: string | undefined;
  readonly sortId: string;
};

export type Profile = {
  /** 'P', 'all', or from a profile's own title. */
  readonly id: string;
  readonly title: string;
  readonly derived: boolean;
  /** In the order of the catalogue. */
  readonly controls: readonly string[];
};

export type Tailored = { readonly reason: string; readonly approvedBy: string; readonly at: Date };

/** A control that a system is assessed against, or would be had it not been left out. */
export type SystemControl = EditionControl & {
  readonly framework: string;
  /** The edition's version. */
  readonly edition: string;
  /** Taken in by tailoring: it is not in the profile. */
  readonly included?: Tailored;
  /** Left out by tailoring: it is listed, not assessed. */
  readonly excluded?: Tailored;
};
