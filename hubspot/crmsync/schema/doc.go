// Package schema compares a portal's properties with those that the plugin needs,
// makes what is missing, and asks first whether the portal's plan has room for it.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
package schema
