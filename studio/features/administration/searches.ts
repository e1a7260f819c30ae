/** What of each page stands in its address. What is not understood there is left out. */
export const policyTabs = ["effective", "change", "proposals", "history", "access"] as const;
export type PolicyTab = (typeof policyTabs)[number];

export interface PolicySearch {
  tab?: PolicyTab | undefined;
  environment?: string | undefined;
  module?: string | undefined;
}

export interface CalendarSearch {
  /** `2026-12`; absent: this month. */
  month?: string | undefined;
}

export interface SettingsSearch {
  environment?: string | undefined;
  module?: string | undefined;
}

export const deliveryStates = ["waiting", "sent", "dead", "skipped"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export interface SubscriptionsSearch {
  /** Whose attempts are shown, and of which state alone. */
  subscription?: string | undefined;
  state?: DeliveryState | undefined;
  /** Whose calls are shown. */
  hook?: string | undefined;
}

export function readSubscriptionsSearch({
  subscription,
  state,
  hook,
}: Record<string, unknown>): SubscriptionsSearch {
  const known = deliveryStates.find((one) => one === state);
  return { subscription: text(subscription), state: known, hook: text(hook) };
}

export function readTokensSearch({ all }: Record<string, unknown>): { all?: boolean | undefined } {
  return all === true ? { all } : {};
}

export function readPolicySearch(search: Record<string, unknown>): PolicySearch {
  return {
    tab: policyTabs.find((one) => one === search.tab),
    environment: text(search.environment),
    module: text(search.module),
  };
}

export function readCalendarSearch({ month }: Record<string, unknown>): CalendarSearch {
  return typeof month === "string" && /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? { month } : {};
}

export function readSettingsSearch({ environment, module }: Record<string, unknown>): SettingsSearch {
  return { environment: text(environment), module: text(module) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, 200) : undefined;
}
