// Package customevents carries activities to occurrences of one custom event, each
// under the activity's own id, so that HubSpot counts it once however often it is
// sent.
// See https://developers.hubspot.com/docs/api-reference/latest/events/define-events/guide
package customevents
