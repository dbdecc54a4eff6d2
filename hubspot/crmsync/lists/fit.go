package lists

import (
	"errors"
	"slices"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// The states of a list.
const (
	listNew     = "" // not looked for yet
	listOK      = "ok"
	listTaken   = "name-taken" // HubSpot has another list of its name
	listEdited  = "edited"     // it is ours, and somebody gave it another filter
	listDeleted = "deleted"    // and beyond restoring
	listLimit   = "limit"      // the portal's plan allows no more lists
	listScope   = "scope"      // the key may not
	listRefused = "refused"    // HubSpot refuses, for a reason of its own
)

// fit is how a list of HubSpot's compares with one that is wanted.
type fit int

const (
	fits     fit = iota
	misfit       // another object, type or filter
	outdated     // ours, with the filter on a property that the tag had before
)

// compareList compares a list with the one that is wanted. was is the property
// that its filter is known to have followed, "" if it is not known to be ours.
// It is pure.
func compareList(w settings.WantedList, l hubspot.List, was string) fit {
	switch {
	case l.ObjectTypeID != contactTypeID:
		return misfit
	case w.Mode == settings.ListStatic && l.Type == hubspot.ManualList:
		return fits
	case w.Mode != settings.ListActive || l.Type != hubspot.DynamicList:
		return misfit
	case w.Filter().Matches(l.Filter):
		return fits
	}
	before := w.Filter()
	before.Property = was
	if was != "" && before.Matches(l.Filter) {
		return outdated
	}
	return misfit
}

// contactTypeID is HubSpot's id of the type of contacts.
// See https://developers.hubspot.com/docs/api-reference/latest/crm/understanding-the-crm
const contactTypeID = "0-1"

// listTrouble tells the state that a refusal of HubSpot's puts a list into; ok
// is false if the refusal does not concern lists but the whole tenant.
func listTrouble(err error) (state string, ok bool) {
	var e *hubspot.Error
	switch {
	case !errors.As(err, &e) || e == nil:
		return "", false
	case hubspot.IsListLimit(err):
		return listLimit, true
	case hubspot.IsMissingScopes(err):
		return listScope, true
	case hubspot.IsRateLimit(err), hubspot.IsAuth(err), hubspot.IsTransient(err), hubspot.IsLocked(err):
		return "", false
	case hubspot.IsNotFound(err):
		return listDeleted, true
	case hubspot.IsConflict(err):
		return listTaken, true
	case slices.Contains([]int{400, 402, 403, 422}, e.Status):
		return listRefused, true
	}
	return "", false
}

// inTrouble reports whether a state waits for a person.
func inTrouble(state string) bool { return state != listNew && state != listOK }

// listCode is the incident of a state in trouble.
func listCode(state string) verdict.Code { return verdict.Code("list-" + state) }
