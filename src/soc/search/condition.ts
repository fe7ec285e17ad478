/** A condition with its values beside it: nothing a user wrote is ever part of the text. */
export type Condition = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };

/** Takes a value, gives the text that stands for it: `{p3:String}`. */
export type Bind = (value: unknown, type: string) => string;
