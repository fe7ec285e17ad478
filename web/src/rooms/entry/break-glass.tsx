import { PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';

export type GlassGiven = { email: string; first: string; second: string; reason: string };

/** The way in when there is no other: two halves, from two people, and why. */
export function BreakGlassForm({ busy, open }: { busy: boolean; open: (given: GlassGiven) => void }) {
  const [given, setGiven] = useState<GlassGiven>({ email: '', first: '', second: '', reason: '' });
  const set = (part: Partial<GlassGiven>) => setGiven({ ...given, ...part });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        open({ ...given, email: given.email.trim(), first: given.first.trim(), second: given.second.trim() });
      }}
    >
      <p className="muted">
        Only when nobody can sign in otherwise. It opens for an hour, once, is recorded, and is reviewed by
        others.
      </p>
      <TextInput
        label="Email of the break-glass account"
        type="email"
        required
        value={given.email}
        onChange={(event) => set({ email: event.currentTarget.value })}
        maxLength={254}
      />
      <PasswordInput
        label="First half"
        autoComplete="off"
        required
        value={given.first}
        onChange={(event) => set({ first: event.currentTarget.value })}
        maxLength={100}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the first half' }}
      />
      <PasswordInput
        label="Second half"
        autoComplete="off"
        required
        value={given.second}
        onChange={(event) => set({ second: event.currentTarget.value })}
        maxLength={100}
        visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the second half' }}
      />
      <Textarea
        label="Why nobody can sign in otherwise"
        required
        minLength={10}
        maxLength={1000}
        value={given.reason}
        onChange={(event) => set({ reason: event.currentTarget.value })}
      />
      <button type="submit" className="btn main" disabled={busy}>
        Break the glass
      </button>
    </form>
  );
}
