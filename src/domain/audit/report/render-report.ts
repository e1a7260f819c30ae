/**
 * The report of a trace for people: one page without scripts or links to elsewhere, made from the events and artifacts
 * of the archive alone. Whoever verifies the archive makes it again and compares.
 */
import type { JournalEntry } from "../../journal/journal-entry.ts";
import type { Manifest } from "../archive.ts";
import type { SignedCheckpoint } from "../checkpoint.ts";
import type { ContentOf, DeliveryFacts } from "../delivery-facts.ts";
import { html, table } from "./html.ts";
import { renderDelivery } from "./render-delivery.ts";

export interface ReportFacts {
  summary: Omit<Manifest, "files">;
  checkpoint: SignedCheckpoint;
  deliveries: readonly DeliveryFacts[];
  journal: readonly JournalEntry[];
  contentOf: ContentOf;
}

export function renderReport(facts: ReportFacts): string {
  const { deliveries, journal, summary } = facts;
  const { tenantId, traceId } = summary;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Audit report of ${traceId}</title>
<style>${style}</style></head><body>
<h1>Audit report of ${traceId}</h1>
<p>Tenant ${tenantId}; ${deliveries.length} ${deliveries.length === 1 ? "module" : "modules"}: ${deliveries.map(({ subject }) => subject.moduleId).join(", ")}.</p>
${renderStatus(facts)}
${deliveries.map((delivery) => renderDelivery(delivery, facts.contentOf))}
<section><h2>Journal of the tenant, as far as it names this trace</h2>
${table(
  ["When", "Act", "Who", "What"],
  journal.map(({ time, act, actor, data }) => [time, act, actor, JSON.stringify(data)]),
)}</section>
</body></html>
`;
  return page.text;
}

function renderStatus({ summary, checkpoint }: ReportFacts) {
  return html`<section><h2>Chain</h2>
${table(
  ["Module", "Events", "Hash of the last"],
  summary.deliveries.map(({ moduleId, events, head }) => [moduleId, events, html`<code>${head}</code>`]),
)}
<p>The end of each chain is a leaf of the log <code>${checkpoint.origin}</code>, in its checkpoint of ${checkpoint.size} leaves
with the root <code>${checkpoint.root.toString("base64")}</code>.</p>
<p><strong>This page proves nothing by itself.</strong> <code>connectsoft audit verify</code> checks the archive that it
came in, this page included, on any machine; bring the key and a checkpoint from elsewhere.</p></section>`;
}

const style = `
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a;background:#fff}
h1,h2,h3{line-height:1.2}section{margin:2rem 0}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
th,td{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{white-space:nowrap}td{white-space:pre-line}
code{font:.85em ui-monospace,monospace;overflow-wrap:anywhere}.none{color:#666}
`;
