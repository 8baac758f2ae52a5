import { z } from 'zod';
import { beginSettings } from '../../common/begin-settings.ts';
import { chatSection } from '../../common/chat-section.ts';
import { databaseSection } from '../../common/database-section.ts';
import { defaultDrainDelayMs, refuseLongDrain } from '../../common/drain-times.ts';
import { eventsSection } from '../../common/events-section.ts';
import { fulfilmentSection } from '../../common/fulfilment-section.ts';
import { isLoopback, type Mode, requireLoopbackInDevelopment } from '../../common/mode.ts';
import { notificationsSection } from '../../common/notifications-section.ts';
import { keysOfVariables, type SettingName } from '../../common/setting-variables.ts';
import {
  sectionOf,
  type SettingSection,
  toPlain,
  type Values,
} from '../../common/settings-file.ts';
import { type Environment, parseSettings, SettingsError } from '../../common/settings.ts';
import { accessTokensSection } from './access-tokens.ts';
import { accessSection } from './access.ts';
import { callsSection } from './calls.ts';
import { corsSection, loopbackOrigins } from './cors.ts';
import { landingPagesSection } from './landing-pages.ts';
import { limitsSection } from './limits.ts';
import { persistedDocumentsSection } from './persisted-documents.ts';
import { planCacheSection } from './plan-cache.ts';
import { developmentRates, rateLimitsSection } from './rate-limits.ts';
import { restSection } from './rest.ts';
import { serverSection } from './server.ts';
import { hasCallbacks, subgraphsSection } from './subgraphs.ts';
import { subscriptionsSection } from './subscriptions.ts';
import { supergraphSection } from './supergraph.ts';
import { telemetrySection } from './telemetry.ts';
import { usageSection } from './usage.ts';

/** The schema of a settings file, and the mode. */
export const settingsSchema = z.strictObject({
  mode: z.enum(['development', 'production']),
  server: serverSection.prefault({}),
  cors: corsSection,
  rest: restSection.prefault({}),
  limits: limitsSection.prefault({}),
  rateLimits: rateLimitsSection.prefault({}),
  persistedDocuments: persistedDocumentsSection.prefault({}),
  supergraph: supergraphSection.prefault({}),
  subgraphs: subgraphsSection.prefault({}),
  calls: callsSection.prefault({}),
  subscriptions: subscriptionsSection.prefault({}),
  planCache: planCacheSection.prefault({}),
  accessTokens: accessTokensSection.prefault({}),
  access: accessSection.prefault({}),
  landingPages: landingPagesSection,
  telemetry: telemetrySection.prefault({}),
  usage: usageSection.prefault({}),
  // Only other processes use them, but they are checked here so that one file can serve all processes.
  database: databaseSection.prefault({}),
  events: eventsSection.prefault({}),
  notifications: notificationsSection.prefault({}),
  fulfilment: fulfilmentSection.prefault({}),
  chat: chatSection.prefault({}),
} satisfies Readonly<Record<'mode' | SettingSection, z.ZodType>>);

/** All settings of a gateway: read once, frozen, passed down as arguments. */
export type GatewayConfig = Readonly<z.infer<typeof settingsSchema>>;

/** The variables of this process: the only place that reads them for settings. */
export const processEnvironment: Environment = process.env;

/** Part of a settings file, given by a program. */
export type GatewaySettings = {
  readonly [Section in SettingSection]?: Partial<
    NonNullable<z.input<typeof settingsSchema>[Section]>
  >;
};

/** The variables that a gateway reads, without those of each subgraph. */
export const gatewayVariables: readonly SettingName[] = [
  'NODE_ENV',
  'GATEWAY_CONFIG',
  ...keysOfVariables.keys(),
];

/**
 * Loads the settings of a gateway. In order of precedence: the environment, the program's `settings` (later ones over
 * earlier ones), the YAML file named by `GATEWAY_CONFIG` (if any), and the program's defaults. The file has the
 * sections of this schema; under `subgraphs.each`, subgraphs have their own names. Throws a SettingsError that lists
 * every unknown, missing or malformed setting, and each one that is not allowed in this mode.
 */
export function loadGatewayConfig(
  environment: Environment,
  given: readonly GatewaySettings[] = [],
  beneath: GatewaySettings = {},
): GatewayConfig {
  const { faults, mode, values, nameOf } = beginSettings(environment, { beneath, given });
  setDefaultsOf(mode ?? 'development', values);
  const settings = { ...(toPlain(values) as object), mode: mode ?? 'development' };
  const config = faults.collect(() => parseSettings(settingsSchema, settings, nameOf));
  if (config)
    faults.collect(() => {
      refuseInMode(mode, config, nameOf);
    });
  if (config)
    faults.collect(() => {
      refuseLongDrain(config.server);
    });
  if (config)
    faults.collect(() => {
      requireCallbackUrl(config, nameOf);
    });
  return faults.settle(config);
}

function setDefaultsOf(mode: Mode, values: Values): void {
  const pages = sectionOf(values, 'landingPages');
  for (const page of ['sandbox', 'graphiql']) {
    if (!pages.has(page)) pages.set(page, mode === 'development');
  }
  const server = sectionOf(values, 'server');
  if (!server.has('drainDelayMs')) server.set('drainDelayMs', defaultDrainDelayMs(mode));
  if (mode === 'development') {
    const rates = sectionOf(values, 'rateLimits');
    for (const [name, rate] of developmentRates) if (!rates.has(name)) rates.set(name, rate);
  }
  const cors = sectionOf(values, 'cors');
  if (!cors.has('origins')) cors.set('origins', mode === 'development' ? loopbackOrigins : []);
}

/** Subgraphs reach a gateway by an address that it cannot know, unless all run on one machine. */
function requireCallbackUrl(
  { server, subscriptions, subgraphs }: GatewayConfig,
  nameOf: (at: readonly PropertyKey[]) => string,
): void {
  const hasUrl = subscriptions.callbackUrl !== undefined || isLoopback(server.host);
  if (hasUrl || !hasCallbacks(subgraphs)) return;
  const name = nameOf(['subscriptions', 'callbackUrl']);
  throw new SettingsError([
    `${name} is missing: subgraphs with eventProtocol callback post their events there`,
  ]);
}

function refuseInMode(
  mode: Mode | undefined,
  { server, landingPages }: GatewayConfig,
  nameOf: (at: readonly PropertyKey[]) => string,
): void {
  requireLoopbackInDevelopment(mode, { name: nameOf(['server', 'host']), host: server.host });
  if (mode !== 'production') return;
  const shown = (['sandbox', 'graphiql'] as const).filter((page) => landingPages[page]);
  if (shown.length === 0) return;
  throw new SettingsError(
    shown.map(
      (page) =>
        `${nameOf(['landingPages', page])} may not be true in production: the page shows the whole schema`,
    ),
  );
}
