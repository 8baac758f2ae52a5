import { eventsSection } from '../../common/events-section.ts';
import type { DecidedEventsConfig } from '../../events/load-settings.ts';

/** The settings of events for a test, as a settings file has them; consumers do not give way unless it says so. */
export function eventsConfig(settings: object): DecidedEventsConfig {
  return { giveWayMs: 0, ...eventsSection.parse(settings) };
}
