import { AxeBuilder } from '@axe-core/playwright';
import { TOTP } from 'otpauth';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

export const themes = ['dark', 'light', 'contrast'] as const;

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });

/** What a page must not do, collected while it runs. */
export type Watched = {
  readonly page: Page;
  /** Requests to anywhere but the system itself. */
  readonly foreign: string[];
  /** What the content security policy stopped. */
  readonly violations: string[];
  /** Errors nobody caught. */
  readonly errors: string[];
};

export async function watchedPage(context: BrowserContext, origin: string): Promise<Watched> {
  const page = await context.newPage();
  const watched: Watched = { page, foreign: [], violations: [], errors: [] };
  page.on('request', (request) => {
    const { origin: asked, protocol } = new URL(request.url());
    if (asked !== origin && protocol !== 'data:' && protocol !== 'blob:') watched.foreign.push(request.url());
  });
  page.on('pageerror', (error) => watched.errors.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) watched.violations.push(message.text());
  });
  return watched;
}

/** @returns what axe finds serious or critical, with the first element of each */
export async function seriousFindings(
  page: Page,
  look: 'everything' | 'contrast' = 'everything',
): Promise<string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (look === 'contrast') axe.withRules(['color-contrast']);
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary?.slice(0, 240)}`,
    );
}

export const codeNow = (secret: string): string => new TOTP({ secret }).generate();

export type Administrator = { readonly email: string; readonly password: string; readonly secret: string };

/** The first page, as a person goes through it: account, second factor, provider. */
export async function setUp(page: Page, firstLink: string): Promise<Administrator> {
  const email = 'mira@harbour.example';
  const password = 'gum leaves after rain';
  await page.goto(firstLink);
  await page.getByLabel('Your name').fill('Mira Kaplan');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('img', { name: 'Code to scan with an authenticator app' }).waitFor();
  const shown = await page.getByText(/^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/).textContent();
  const secret = (shown ?? '').replaceAll(' ', '');
  await page.getByRole('textbox', { name: 'Code' }).fill(codeNow(secret));
  await page.getByRole('button', { name: 'Confirm the code' }).click();
  await page.getByLabel('Name of the provider').fill('Harbour Cloud');
  await page.getByRole('button', { name: 'Set up the provider' }).click();
  await page.getByRole('heading', { name: 'Alerts', exact: true }).waitFor();
  return { email, password, secret };
}

/** Somebody's first page, with a passkey of the browser's own authenticator as the second factor. */
export async function comeWithPasskey(
  page: Page,
  link: string,
  { name, email }: { readonly name: string; readonly email: string },
): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill('gum leaves after rain');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Use a passkey or security key' }).click();
  await page.getByRole('navigation', { name: 'Rooms' }).waitFor();
}
