// Package inspect collects what a check of settings finds out about a portal, and
// turns failures of HubSpot's and of the database into errors that an admin can
// read. What a part of the sync needs of a portal, that part knows itself.
package inspect

import (
	"errors"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/settings"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The states of a check item.
const (
	OK      = "ok"
	Failed  = "failed"
	Missing = "missing" // will be created
	Skipped = "skipped"
	Unknown = "unknown" // cannot be proven
)

// Inspection is what a check has found out about a portal.
type Inspection struct {
	Report integration.Report
	Warned map[string]bool // names of failed items that refuse nothing
	Fault  error           // the first failure that is no field's: HubSpot down, our database down
}

// Add adds an item.
func (in *Inspection) Add(item integration.CheckItem) {
	in.Report.Items = append(in.Report.Items, item)
	in.Report.OK = in.Report.OK && item.State != Failed
}

// Warn adds a failed item that does not keep the settings from being saved.
func (in *Inspection) Warn(item integration.CheckItem) {
	if in.Warned == nil {
		in.Warned = map[string]bool{}
	}
	in.Warned[item.Name] = true
	in.Add(item)
}

// Skip adds items that were not tried.
func (in *Inspection) Skip(names ...string) {
	for _, n := range names {
		in.Add(integration.CheckItem{Name: n, State: Skipped, Detail: "Not tried, because of the failure above."})
	}
}

// Stop notes a failure that is no setting's.
func (in *Inspection) Stop(err error) {
	in.Report.OK = false
	if in.Fault == nil {
		in.Fault = err
	}
}

// Key reads a failure of the very first call.
func (in *Inspection) Key(err error) {
	f := verdict.Read(err)
	switch f.Code {
	case verdict.KeyRefused, verdict.ScopeMissing:
		in.Add(integration.CheckItem{Name: "API Key", State: Failed, Field: settings.KeyAPI,
			Detail: "HubSpot does not accept this key." + Correlated(f),
			Fix:    "Copy the key again from HubSpot, whole. If it was rotated or deleted there, make a new one."})
	case verdict.KeyOwnerGone:
		in.Add(integration.CheckItem{Name: "API Key", State: Failed, Field: settings.KeyAPI,
			Detail: "The person who made this key no longer has access to the HubSpot account." + Correlated(f),
			Fix:    "Have a present super admin make a new key."})
	default:
		in.Stop(VendorError(err))
	}
}

// Scope reads the answer to a call that needs a scope.
func (in *Inspection) Scope(err error, name, scope string) {
	if err == nil {
		in.Add(integration.CheckItem{Name: name, State: OK, Detail: "HubSpot does not object to " + scope + "."})
		return
	}
	f := verdict.Read(err)
	switch {
	case f.Code == verdict.ScopeMissing, f.Code == verdict.KeyRefused, f.Code == verdict.KeyOwnerGone:
		in.Add(integration.CheckItem{Name: name, State: Failed, Field: settings.KeyAPI,
			Detail: "The key lacks the scope " + scope + "." + Correlated(f),
			Fix:    "In HubSpot add " + scope + " to the key. A private app's key changes its scopes only when the app is installed again; a new Service Key has them at once."})
	default:
		in.Stop(VendorError(err))
	}
}

// Correlated is what an item says of HubSpot's correlation id.
func Correlated(f verdict.Failure) string {
	if f.Correlation == "" {
		return ""
	}
	return " (HubSpot's correlation id: " + f.Correlation + ")"
}

// VendorError is a failure of HubSpot's, not of the settings.
func VendorError(err error) error {
	f := verdict.Read(err)
	e := &integration.Error{
		Kind: integration.VendorFault, Title: "HubSpot could not be asked.",
		Detail:        "It answers with an error of its own. Your settings are not to blame and were not changed.",
		Fix:           "Try again in a few minutes. status.hubspot.com tells whether HubSpot knows of a problem.",
		CorrelationID: f.Correlation, RetryAt: f.Until, Cause: err,
	}
	var he *hubspot.Error
	switch {
	case f.Code == verdict.DailyLimit:
		e.Title = "HubSpot's calls of the day are used up."
		e.Detail = "All apps of the HubSpot account share them. Your settings were not changed."
		e.Fix = "Try again after midnight of the HubSpot account's time zone."
	case f.Code == verdict.Busy:
		e.Title = "HubSpot asks us to slow down."
		e.Fix = "Try again in a minute."
	case !errors.As(err, &he), he.Status == 0:
		e.Kind, e.Title = integration.VendorSlow, "HubSpot does not answer."
	}
	return e
}

// StoreFault is a failure of our own database.
func StoreFault(err error) error {
	return &integration.Error{Kind: integration.StoreFault, Title: "The database does not answer.",
		Detail: "Nothing was changed.", Fix: "Try again in a minute.", Cause: err}
}
