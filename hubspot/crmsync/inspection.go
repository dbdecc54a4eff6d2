package crmsync

import (
	"errors"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// The states of a check item.
const (
	checkOK      = "ok"
	checkFailed  = "failed"
	checkMissing = "missing" // will be created
	checkSkipped = "skipped"
	checkUnknown = "unknown" // cannot be proven
)

// inspection is what a check has found out about a portal.
type inspection struct {
	report integration.Report
	warned map[string]bool // names of failed items that refuse nothing
	fault  error           // the first failure that is no field's: HubSpot down, our database down
}

// add adds an item.
func (in *inspection) add(item integration.CheckItem) {
	in.report.Items = append(in.report.Items, item)
	in.report.OK = in.report.OK && item.State != checkFailed
}

// warn adds a failed item that does not keep the settings from being saved.
func (in *inspection) warn(item integration.CheckItem) {
	if in.warned == nil {
		in.warned = map[string]bool{}
	}
	in.warned[item.Name] = true
	in.add(item)
}

// skip adds items that were not tried.
func (in *inspection) skip(names ...string) {
	for _, n := range names {
		in.add(integration.CheckItem{Name: n, State: checkSkipped, Detail: "Not tried, because of the failure above."})
	}
}

// stop notes a failure that is no setting's.
func (in *inspection) stop(err error) {
	in.report.OK = false
	if in.fault == nil {
		in.fault = err
	}
}

// key reads a failure of the very first call.
func (in *inspection) key(err error) {
	f := readFailure(err)
	switch f.code {
	case codeKeyRefused, codeScopeMissing:
		in.add(integration.CheckItem{Name: "API Key", State: checkFailed, Field: settingKey,
			Detail: "HubSpot does not accept this key." + correlated(f),
			Fix:    "Copy the key again from HubSpot, whole. If it was rotated or deleted there, make a new one."})
	case codeKeyOwnerGone:
		in.add(integration.CheckItem{Name: "API Key", State: checkFailed, Field: settingKey,
			Detail: "The person who made this key no longer has access to the HubSpot account." + correlated(f),
			Fix:    "Have a present super admin make a new key."})
	default:
		in.stop(vendorError(err))
	}
}

// scope reads the answer to a call that needs a scope.
func (in *inspection) scope(err error, name, scope string) {
	if err == nil {
		in.add(integration.CheckItem{Name: name, State: checkOK, Detail: "HubSpot does not object to " + scope + "."})
		return
	}
	f := readFailure(err)
	switch {
	case f.code == codeScopeMissing, f.code == codeKeyRefused, f.code == codeKeyOwnerGone:
		in.add(integration.CheckItem{Name: name, State: checkFailed, Field: settingKey,
			Detail: "The key lacks the scope " + scope + "." + correlated(f),
			Fix:    "In HubSpot add " + scope + " to the key. A private app's key changes its scopes only when the app is installed again; a new Service Key has them at once."})
	default:
		in.stop(vendorError(err))
	}
}

// correlated is what an item says of HubSpot's correlation id.
func correlated(f failure) string {
	if f.correlation == "" {
		return ""
	}
	return " (HubSpot's correlation id: " + f.correlation + ")"
}

// vendorError is a failure of HubSpot's, not of the settings.
func vendorError(err error) error {
	f := readFailure(err)
	e := &integration.Error{
		Kind: integration.VendorFault, Title: "HubSpot could not be asked.",
		Detail:        "It answers with an error of its own. Your settings are not to blame and were not changed.",
		Fix:           "Try again in a few minutes. status.hubspot.com tells whether HubSpot knows of a problem.",
		CorrelationID: f.correlation, RetryAt: f.until, Cause: err,
	}
	var he *hubspot.Error
	switch {
	case f.code == codeDailyLimit:
		e.Title = "HubSpot's calls of the day are used up."
		e.Detail = "All apps of the HubSpot account share them. Your settings were not changed."
		e.Fix = "Try again after midnight of the HubSpot account's time zone."
	case f.code == codeBusy:
		e.Title = "HubSpot asks us to slow down."
		e.Fix = "Try again in a minute."
	case !errors.As(err, &he), he.Status == 0:
		e.Kind, e.Title = integration.VendorSlow, "HubSpot does not answer."
	}
	return e
}

// storeFault is a failure of our own database.
func storeFault(err error) error {
	return &integration.Error{Kind: integration.StoreFault, Title: "The database does not answer.",
		Detail: "Nothing was changed.", Fix: "Try again in a minute.", Cause: err}
}
