import administration from "./administration.json" with { type: "json" };
import app from "./app.json" with { type: "json" };
import approvals from "./approvals.json" with { type: "json" };
import audit from "./audit.json" with { type: "json" };
import deliveries from "./deliveries.json" with { type: "json" };
import deployments from "./deployments.json" with { type: "json" };
import insight from "./insight.json" with { type: "json" };
import session from "./session.json" with { type: "json" };
import ui from "./ui.json" with { type: "json" };

/** One name space a feature: `t("approvals.title")`. */
export const english = {
  administration,
  app,
  approvals,
  audit,
  deliveries,
  deployments,
  insight,
  session,
  ui,
};
