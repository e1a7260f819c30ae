/** The Pulumi program: TypeScript on azure-native. What differs by environment is in its stack's configuration. */
import { generatedBy } from "../generated-mark.ts";
import { azureRoles } from "./azure-roles.ts";
import type { ModuleInfrastructure } from "./module-infrastructure.ts";

export function pulumiProgram(infrastructure: ModuleInfrastructure): string {
  const { hasSecrets, resources } = infrastructure;
  const { postgresql, queue, redis, storage } = resources;
  const isPrivate = [postgresql, queue, redis, storage].some((names) => names.length > 0);
  return [
    head(infrastructure, isPrivate),
    identities,
    ...(hasSecrets ? [secrets] : []),
    ...(postgresql.length > 0 ? [postgresqlServer] : []),
    ...(redis.length > 0 ? [redisClusters] : []),
    ...(storage.length > 0 ? [storageAccount] : []),
    ...(queue.length > 0 ? [serviceBus] : []),
    helpers(infrastructure, isPrivate),
  ].join("\n");
}

const sdkImport = 'import * as pulumi from "@pulumi/pulumi";';

function head(infrastructure: ModuleInfrastructure, isPrivate: boolean): string {
  const { hasSecrets, resources } = infrastructure;
  const imports = [
    "authorization",
    ...(resources.postgresql.length > 0 ? ["dbforpostgresql"] : []),
    ...(hasSecrets ? ["keyvault"] : []),
    "managedidentity",
    ...(isPrivate ? ["network"] : []),
    ...(resources.redis.length > 0 ? ["redisenterprise"] : []),
    ...(resources.queue.length > 0 ? ["servicebus"] : []),
    ...(resources.storage.length > 0 ? ["storage"] : []),
  ];
  return `// ${generatedBy(infrastructure)}
// The resource group, the vault, the cluster and the network are the environment's, and are there already.
import { ${imports.join(", ")} } from "@pulumi/azure-native";
${sdkImport}

interface Names {
  resourceGroup: string;
  keyVault: string;
  identity: string;
  ciIdentity: string;
  postgresql: string;
  storageAccount: string;
  serviceBus: string;
}

const config = new pulumi.Config();
const names = config.requireObject<Names>("names");
const tags = config.requireObject<Record<string, string>>("tags");
const resourceGroupName = names.resourceGroup;
${isPrivate ? 'const subnetId = config.require("privateEndpointSubnetId");\n' : ""}`;
}

const identities = `// What runs in the cluster is given this identity: no password anywhere.
const identity = new managedidentity.UserAssignedIdentity("identity", {
  resourceGroupName,
  resourceName: names.identity,
  tags,
});
new managedidentity.FederatedIdentityCredential("workload", {
  resourceGroupName,
  resourceName: identity.name,
  federatedIdentityCredentialResourceName: "workload",
  issuer: config.require("clusterOidcIssuer"),
  subject: config.require("serviceAccount"),
  audiences: ["api://AzureADTokenExchange"],
});

// The module's CI logs in by OpenID Connect; it may look, and change nothing.
const ciIdentity = new managedidentity.UserAssignedIdentity("ciIdentity", {
  resourceGroupName,
  resourceName: names.ciIdentity,
  tags,
});
new managedidentity.FederatedIdentityCredential("ci", {
  resourceGroupName,
  resourceName: ciIdentity.name,
  federatedIdentityCredentialResourceName: "ci",
  issuer: config.require("ciIssuer"),
  subject: config.require("ciSubject"),
  audiences: ["api://AzureADTokenExchange"],
});
const subscription = authorization.getClientConfigOutput().subscriptionId;
const groupId = pulumi.interpolate\`/subscriptions/\${subscription}/resourceGroups/\${resourceGroupName}\`;
grant("ciReader", { principalId: ciIdentity.principalId, scope: groupId, role: "${azureRoles.reader}" });

export const clientId = identity.clientId;
export const ciClientId = ciIdentity.clientId;
`;

const secrets = `// Of the environment's vault, the module reads its own secrets and no others.
const vault = keyvault.getVaultOutput({ resourceGroupName, vaultName: names.keyVault });
for (const secret of config.requireObject<string[]>("secrets"))
  grant(\`secret-\${secret}\`, {
    principalId: identity.principalId,
    scope: pulumi.interpolate\`\${vault.id}/secrets/\${secret}\`,
    role: "${azureRoles.keyVaultSecretsUser}",
  });
`;

const postgresqlServer = `// Entra logins only. The administrators give the module's identity its rights in its databases.
const isProtected = config.requireBoolean("isProtected");
const postgresql = new dbforpostgresql.Server("postgresql", {
  resourceGroupName,
  serverName: names.postgresql,
  version: "17",
  sku: isProtected
    ? { name: "Standard_D2ds_v5", tier: "GeneralPurpose" }
    : { name: "Standard_B1ms", tier: "Burstable" },
  storage: { storageSizeGB: 32, autoGrow: "Enabled" },
  authConfig: { activeDirectoryAuth: "Enabled", passwordAuth: "Disabled" },
  backup: { backupRetentionDays: isProtected ? 35 : 7, geoRedundantBackup: "Disabled" },
  highAvailability: { mode: isProtected ? "ZoneRedundant" : "Disabled" },
  network: { publicNetworkAccess: "Disabled" },
  tags,
});
new dbforpostgresql.AdministratorsMicrosoftEntra("postgresqlAdministrators", {
  resourceGroupName,
  serverName: postgresql.name,
  objectId: config.require("databaseAdministratorsId"),
  principalName: config.require("databaseAdministratorsName"),
  principalType: "Group",
});
for (const databaseName of config.requireObject<string[]>("databases"))
  new dbforpostgresql.Database(
    \`database-\${databaseName}\`,
    { resourceGroupName, serverName: postgresql.name, databaseName, charset: "UTF8", collation: "en_US.utf8" },
    { protect: isProtected },
  );
connectPrivately("postgresql", { name: names.postgresql, id: postgresql.id, group: "postgresqlServer" });

export const postgresqlHost = postgresql.fullyQualifiedDomainName;
`;

const redisClusters = `// Entra logins only, over TLS only.
for (const clusterName of config.requireObject<string[]>("redis")) {
  const cluster = new redisenterprise.RedisEnterprise(\`redis-\${clusterName}\`, {
    resourceGroupName,
    clusterName,
    sku: { name: "Balanced_B0" },
    minimumTlsVersion: "1.2",
    publicNetworkAccess: "Disabled",
    tags,
  });
  const database = new redisenterprise.Database(\`redis-\${clusterName}-database\`, {
    resourceGroupName,
    clusterName: cluster.name,
    databaseName: "default",
    clientProtocol: "Encrypted",
    accessKeysAuthentication: "Disabled",
    evictionPolicy: "VolatileLRU",
  });
  new redisenterprise.AccessPolicyAssignment(\`redis-\${clusterName}-access\`, {
    resourceGroupName,
    clusterName: cluster.name,
    databaseName: database.name,
    accessPolicyAssignmentName: "module",
    accessPolicyName: "default",
    user: { objectId: identity.principalId },
  });
  connectPrivately(\`redis-\${clusterName}\`, { name: clusterName, id: cluster.id, group: "redisEnterprise" });
}
`;

const storageAccount = `// No account keys, nothing public.
const account = new storage.StorageAccount("storage", {
  resourceGroupName,
  accountName: names.storageAccount,
  kind: "StorageV2",
  sku: { name: config.requireBoolean("isProtected") ? "Standard_ZRS" : "Standard_LRS" },
  allowBlobPublicAccess: false,
  allowCrossTenantReplication: false,
  allowSharedKeyAccess: false,
  defaultToOAuthAuthentication: true,
  enableHttpsTrafficOnly: true,
  minimumTlsVersion: "TLS1_2",
  publicNetworkAccess: "Disabled",
  tags,
});
for (const containerName of config.requireObject<string[]>("containers")) {
  const container = new storage.BlobContainer(
    \`container-\${containerName}\`,
    { resourceGroupName, accountName: account.name, containerName, publicAccess: "None" },
    { protect: config.requireBoolean("isProtected") },
  );
  grant(\`container-\${containerName}-data\`, {
    principalId: identity.principalId,
    scope: container.id,
    role: "${azureRoles.storageBlobDataContributor}",
  });
}
connectPrivately("storage", { name: names.storageAccount, id: account.id, group: "blob" });

export const blobEndpoint = account.primaryEndpoints.blob;
`;

const serviceBus = `// Premium is the one tier of Service Bus that can be private.
const bus = new servicebus.Namespace("serviceBus", {
  resourceGroupName,
  namespaceName: names.serviceBus,
  sku: { name: "Premium", tier: "Premium", capacity: 1 },
  disableLocalAuth: true,
  minimumTlsVersion: "1.2",
  publicNetworkAccess: "Disabled",
  tags,
});
for (const queueName of config.requireObject<string[]>("queues")) {
  const queue = new servicebus.Queue(\`queue-\${queueName}\`, {
    resourceGroupName,
    namespaceName: bus.name,
    queueName,
    deadLetteringOnMessageExpiration: true,
    maxDeliveryCount: 10,
  });
  const roles = { send: "${azureRoles.serviceBusDataSender}", receive: "${azureRoles.serviceBusDataReceiver}" };
  for (const [right, role] of Object.entries(roles))
    grant(\`queue-\${queueName}-\${right}\`, { principalId: identity.principalId, scope: queue.id, role });
}
connectPrivately("serviceBus", { name: names.serviceBus, id: bus.id, group: "namespace" });

export const serviceBusEndpoint = bus.serviceBusEndpoint;
`;

function helpers(_: ModuleInfrastructure, isPrivate: boolean): string {
  const grant = `interface Grant {
  principalId: pulumi.Input<string>;
  scope: pulumi.Input<string>;
  role: string;
}

function grant(name: string, { principalId, scope, role }: Grant): void {
  const subscriptionId = authorization.getClientConfigOutput().subscriptionId;
  new authorization.RoleAssignment(name, {
    principalId,
    principalType: "ServicePrincipal",
    scope,
    roleDefinitionId: pulumi.interpolate\`/subscriptions/\${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/\${role}\`,
  });
}
`;
  if (!isPrivate) return grant;
  return `${grant}
/** Its name in the private DNS zone is set by the platform's policy, or by hand. */
function connectPrivately(of: string, target: { name: string; id: pulumi.Input<string>; group: string }): void {
  new network.PrivateEndpoint(\`\${of}-endpoint\`, {
    resourceGroupName,
    privateEndpointName: target.name,
    subnet: { id: subnetId },
    privateLinkServiceConnections: [
      { name: target.group, privateLinkServiceId: target.id, groupIds: [target.group] },
    ],
    tags,
  });
}
`;
}
