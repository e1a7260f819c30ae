/** The chart's templates. They are the same for every module but for the chart's name; what differs are values. */
import { connectionTest, notes } from "./after-install.ts";
import { autoscaler, disruptionBudget } from "./availability.ts";
import { configMap, externalSecret, secretProviderClass, serviceAccount } from "./configuration.ts";
import { deployment } from "./deployment.ts";
import { helpers } from "./helpers.ts";
import { httpRoute, ingress, networkPolicy, service } from "./traffic.ts";

const texts: Record<string, (chart: string) => string> = {
  "_helpers.tpl": helpers,
  "configmap.yaml": configMap,
  "deployment.yaml": deployment,
  "externalsecret.yaml": externalSecret,
  "hpa.yaml": autoscaler,
  "httproute.yaml": httpRoute,
  "ingress.yaml": ingress,
  "networkpolicy.yaml": networkPolicy,
  "NOTES.txt": notes,
  "poddisruptionbudget.yaml": disruptionBudget,
  "secretproviderclass.yaml": secretProviderClass,
  "service.yaml": service,
  "serviceaccount.yaml": serviceAccount,
  "tests/test-connection.yaml": connectionTest,
};

export function templates(chart: string): { name: string; text: string }[] {
  return Object.entries(texts).map(([name, text]) => ({ name, text: text(chart) }));
}
