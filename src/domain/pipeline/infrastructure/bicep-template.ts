/** main.bicep: the same infrastructure as the Pulumi program, for those who deploy with Azure's own tools. */
import { generatedBy } from "../generated-mark.ts";
import { azureRoles } from "./azure-roles.ts";
import type { ModuleInfrastructure } from "./module-infrastructure.ts";

export function bicepTemplate(infrastructure: ModuleInfrastructure): string {
  const { hasSecrets, resources } = infrastructure;
  const { postgresql, queue, redis, storage } = resources;
  const isPrivate = [postgresql, queue, redis, storage].some((names) => names.length > 0);
  return [
    `// ${generatedBy(infrastructure)}
// Deployed into the environment's resource group: az deployment group create -g <group> -p main.<environment>.bicepparam
targetScope = 'resourceGroup'

param location string = resourceGroup().location
param names object
param tags object
param serviceAccount string
param clusterOidcIssuer string
param ciIssuer string
param ciSubject string
`,
    ...(isPrivate ? ["param privateEndpointSubnetId string\n"] : []),
    ...(postgresql.length + storage.length > 0 ? ["param isProtected bool\n"] : []),
    identities,
    ...(hasSecrets ? [secrets] : []),
    ...(postgresql.length > 0
      ? [postgresqlServer, endpoint("postgresql", "names.postgresql", "postgresqlServer")]
      : []),
    ...(redis.length > 0 ? [redisClusters] : []),
    ...(storage.length > 0 ? [storageAccount, endpoint("account", "names.storageAccount", "blob")] : []),
    ...(queue.length > 0 ? [serviceBus, endpoint("bus", "names.serviceBus", "namespace")] : []),
    `output clientId string = identity.properties.clientId
output ciClientId string = ciIdentity.properties.clientId
`,
  ].join("\n");
}

const identities = `resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: names.identity
  location: location
  tags: tags
}

resource workload 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = {
  parent: identity
  name: 'workload'
  properties: {
    issuer: clusterOidcIssuer
    subject: serviceAccount
    audiences: ['api://AzureADTokenExchange']
  }
}

resource ciIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: names.ciIdentity
  location: location
  tags: tags
}

resource ci 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = {
  parent: ciIdentity
  name: 'ci'
  properties: {
    issuer: ciIssuer
    subject: ciSubject
    audiences: ['api://AzureADTokenExchange']
  }
}

// The module's CI may look, and change nothing.
resource ciReader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(resourceGroup().id, ciIdentity.id, '${azureRoles.reader}')
  properties: {
    principalId: ciIdentity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${azureRoles.reader}')
  }
}
`;

function granted(name: string, loop: { item: string; of: string; scope: string; role: string }): string {
  const { item, of, role, scope } = loop;
  return `resource ${name} 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (${item}, index) in ${of}: {
  name: guid(${scope}[index].id, identity.id, '${role}')
  scope: ${scope}[index]
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${role}')
  }
}]
`;
}

const secrets = `param secrets string[]

// Of the environment's vault, the module reads its own secrets and no others.
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: names.keyVault
}

resource ownSecrets 'Microsoft.KeyVault/vaults/secrets@2023-07-01' existing = [for secret in secrets: {
  parent: vault
  name: secret
}]

${granted("secretReaders", { item: "secret", of: "secrets", scope: "ownSecrets", role: azureRoles.keyVaultSecretsUser })}`;

const postgresqlServer = `param databases string[]
param databaseAdministratorsId string
param databaseAdministratorsName string

// Entra logins only. The administrators give the module's identity its rights in its databases.
resource postgresql 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' = {
  name: names.postgresql
  location: location
  tags: tags
  sku: {
    name: isProtected ? 'Standard_D2ds_v5' : 'Standard_B1ms'
    tier: isProtected ? 'GeneralPurpose' : 'Burstable'
  }
  properties: {
    version: '17'
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: tenant().tenantId
    }
    backup: {
      backupRetentionDays: isProtected ? 35 : 7
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: isProtected ? 'ZoneRedundant' : 'Disabled'
    }
    network: {
      publicNetworkAccess: 'Disabled'
    }
  }
}

resource postgresqlAdministrators 'Microsoft.DBforPostgreSQL/flexibleServers/administrators@2025-08-01' = {
  parent: postgresql
  name: databaseAdministratorsId
  properties: {
    principalName: databaseAdministratorsName
    principalType: 'Group'
    tenantId: tenant().tenantId
  }
}

resource ownDatabases 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2025-08-01' = [for database in databases: {
  parent: postgresql
  name: database
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
}]
`;

const redisClusters = `param redis string[]

// Entra logins only, over TLS only.
resource clusters 'Microsoft.Cache/redisEnterprise@2025-07-01' = [for name in redis: {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Balanced_B0'
  }
  properties: {
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
  }
}]

resource clusterDatabases 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = [for (name, index) in redis: {
  parent: clusters[index]
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    accessKeysAuthentication: 'Disabled'
    evictionPolicy: 'VolatileLRU'
  }
}]

resource clusterAccess 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01' = [for (name, index) in redis: {
  parent: clusterDatabases[index]
  name: 'module'
  properties: {
    accessPolicyName: 'default'
    user: {
      objectId: identity.properties.principalId
    }
  }
}]

resource clusterEndpoints 'Microsoft.Network/privateEndpoints@2024-05-01' = [for (name, index) in redis: {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: {
      id: privateEndpointSubnetId
    }
    privateLinkServiceConnections: [
      {
        name: 'redisEnterprise'
        properties: {
          privateLinkServiceId: clusters[index].id
          groupIds: ['redisEnterprise']
        }
      }
    ]
  }
}]
`;

const storageAccount = `param containers string[]

// No account keys, nothing public.
resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: names.storageAccount
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: isProtected ? 'Standard_ZRS' : 'Standard_LRS'
  }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: 'Disabled'
    supportsHttpsTrafficOnly: true
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource ownContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [for container in containers: {
  parent: blobs
  name: container
  properties: {
    publicAccess: 'None'
  }
}]

${granted("containerData", { item: "container", of: "containers", scope: "ownContainers", role: azureRoles.storageBlobDataContributor })}`;

const serviceBus = `param queues string[]

// Premium is the one tier of Service Bus that can be private.
resource bus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: names.serviceBus
  location: location
  tags: tags
  sku: {
    name: 'Premium'
    tier: 'Premium'
    capacity: 1
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
  }
}

resource ownQueues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for queue in queues: {
  parent: bus
  name: queue
  properties: {
    deadLetteringOnMessageExpiration: true
    maxDeliveryCount: 10
  }
}]

${granted("queueSenders", { item: "queue", of: "queues", scope: "ownQueues", role: azureRoles.serviceBusDataSender })}
${granted("queueReceivers", { item: "queue", of: "queues", scope: "ownQueues", role: azureRoles.serviceBusDataReceiver })}`;

/** Its name in the private DNS zone is set by the platform's policy, or by hand. */
function endpoint(symbol: string, name: string, group: string): string {
  return `resource ${symbol}Endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: ${name}
  location: location
  tags: tags
  properties: {
    subnet: {
      id: privateEndpointSubnetId
    }
    privateLinkServiceConnections: [
      {
        name: '${group}'
        properties: {
          privateLinkServiceId: ${symbol}.id
          groupIds: ['${group}']
        }
      }
    ]
  }
}
`;
}
