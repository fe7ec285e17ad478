import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { BrandMark, EnvironmentBadge, Kbd, TenancyMark } from '../parts/marks.tsx';
import { initials, offset, timeOfDay } from '../parts/words.ts';
import { useApi, useNotices, useNow, usePreferences, useServices, useSession } from './context.tsx';
import type { Theme } from './preferences.ts';
import { useScope } from './scope.ts';

export function TopBar() {
  return (
    <header className="top">
      <Link to="/" className="brand" aria-label="Ironbark, to the first room">
        <BrandMark />
        Ironbark
      </Link>
      <ScopePicker />
      <Find />
      <Clock />
      <Me />
    </header>
  );
}

function ScopePicker() {
  const scope = useScope();
  const { tenancies } = useSession();
  const environments = [...new Map(tenancies.map((one) => [one.environment, one])).values()];
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <button type="button" className="scope">
          <span className="small muted">Scope</span>
          <span className="clip">{scope.label}</span>
          <span className="line">
            {scope.markings.map((marking) => (
              <EnvironmentBadge key={marking} marking={marking} />
            ))}
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown className="scope-menu">
        <Menu.Item onClick={() => scope.change('')} rightSection={scope.value === '' ? '✓' : null}>
          All tenancies
        </Menu.Item>
        {environments.map((environment) => (
          <div key={environment.environment}>
            <Menu.Divider />
            <Menu.Item
              onClick={() => scope.change(`env:${environment.environment}`)}
              rightSection={scope.value === `env:${environment.environment}` ? '✓' : null}
            >
              <span className="line">
                <b className="grow">{environment.environmentName}</b>
                <EnvironmentBadge marking={environment.marking} />
              </span>
            </Menu.Item>
            {tenancies
              .filter((one) => one.environment === environment.environment)
              .map((one) => (
                <Menu.Item
                  key={one.id}
                  onClick={() => scope.change(one.id)}
                  rightSection={scope.value === one.id ? '✓' : null}
                >
                  <span className="line">
                    <TenancyMark tenancy={one} id={one.id} />
                    <span aria-hidden="true">
                      {one.organisationName}
                      {one.internal && ' (internal)'}
                    </span>
                  </span>
                </Menu.Item>
              ))}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Find() {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  return (
    <form
      role="search"
      className="find"
      onSubmit={(event) => {
        event.preventDefault();
        if (!text.trim()) return;
        void navigate({ to: '/search', search: { q: text.trim() } });
        setText('');
        input.current?.blur();
      }}
    >
      <input
        id="find"
        ref={input}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        placeholder="Search events: a word, an address, field:value"
        aria-label="Search events"
        autoComplete="off"
        spellCheck={false}
      />
      <Kbd>/</Kbd>
    </form>
  );
}

/** Both clocks are always there; the one that the page's times are in is bright. A click swaps them. */
function Clock() {
  const now = new Date(useNow(1));
  const { clock } = usePreferences();
  const { preferences, notices } = useServices();
  const zone =
    Intl.DateTimeFormat().resolvedOptions().timeZone.split('/').pop()?.replaceAll('_', ' ') ?? 'local';
  const swap = () => {
    const next = clock === 'utc' ? 'local' : 'utc';
    preferences.set({ clock: next });
    notices.announce(next === 'utc' ? 'Times are shown in UTC.' : `Times are shown in ${zone} time.`);
  };
  return (
    <button type="button" className="clock" onClick={swap} title="Times on this page: click for the other">
      <span className={clock === 'utc' ? 'on' : ''}>
        <span className="mono">{timeOfDay(now, 'utc')}</span> UTC
      </span>
      <span className={clock === 'local' ? 'on' : ''}>
        <span className="mono">{timeOfDay(now, 'local')}</span>{' '}
        {zone === 'UTC' ? `local ${offset(now)}` : zone}
      </span>
      <span className="unseen">
        Times on this page are in {clock === 'utc' ? 'UTC' : `${zone} time`}: change
      </span>
    </button>
  );
}

const themes: readonly { theme: Theme; name: string }[] = [
  { theme: 'dark', name: 'Dark' },
  { theme: 'light', name: 'Light' },
  { theme: 'contrast', name: 'High contrast' },
];

function Me() {
  const { user, roles, hasPasskey } = useSession();
  const { preferences } = useServices();
  const current = usePreferences();
  const api = useApi();
  const notices = useNotices();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const signOut = async () => {
    await api.send('DELETE', '/session').catch(() =>
      notices.show({
        tone: 'problem',
        text: 'The server did not confirm that you are signed out.',
        detail: 'Close the browser to be sure.',
      }),
    );
    api.setCsrfToken(undefined);
    queryClient.clear();
    await navigate({ to: '/sign-in' });
  };
  const addPasskey = async () => {
    try {
      // Loaded when it is asked for: most visits never need it.
      const { registerPasskey } = await import('../rooms/entry/passkeys.ts');
      await registerPasskey(api);
      await queryClient.invalidateQueries({ queryKey: ['session'] });
      notices.show({ tone: 'done', text: 'The passkey was added. It signs you in, and signs records.' });
    } catch (error) {
      notices.show({
        tone: 'problem',
        text: 'No passkey was added.',
        detail: error instanceof Error ? error.message : '',
      });
    }
  };
  return (
    <Menu>
      <Menu.Target>
        <button type="button" className="me">
          <span aria-hidden="true">{initials(user.name)}</span>
          <span className="unseen">{user.name}: appearance and signing out</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.name}
          <br />
          {user.email} · {roles.join(', ')}
        </Menu.Label>
        <Menu.Divider />
        {themes.map(({ theme, name }) => (
          <Menu.Item
            key={theme}
            onClick={() => preferences.set({ theme })}
            rightSection={current.theme === theme ? '✓' : null}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          onClick={() => preferences.set({ density: current.density === 'compact' ? 'normal' : 'compact' })}
          rightSection={current.density === 'compact' ? '✓' : null}
        >
          Compact rows
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void addPasskey()}>
          {hasPasskey ? 'Add another passkey' : 'Add a passkey'}
        </Menu.Item>
        <Menu.Item
          onClick={() => preferences.set({ shortcuts: !current.shortcuts })}
          rightSection={current.shortcuts ? '✓' : null}
        >
          Single-key shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
