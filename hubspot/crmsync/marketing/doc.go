// Package marketing carries the host's events to HubSpot's marketing events, and
// what members' contacts do at them (package attendance decides what has to be
// told).
// See https://developers.hubspot.com/docs/api-reference/latest/marketing/marketing-events/guide
package marketing
