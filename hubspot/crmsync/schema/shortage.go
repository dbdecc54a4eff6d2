package schema

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/words"
	"github.com/memberpulse/hubspotplugin/integration"
)

// A HubSpot plan allows so many custom properties of each object type, a free one
// few. So it is asked before properties are made: all of them, or none. What
// HubSpot answers when there is no room is documented nowhere, so a refusal is
// held against the limits too.

// Shortage says that a portal's plan does not allow the properties that are
// missing.
type Shortage struct {
	Object       hubspot.ObjectType
	Needed, Left int
}

// Error implements error.
func (s *Shortage) Error() string {
	return fmt.Sprintf("crmsync: custom properties of %s: %d needed, %d left", s.Object, s.Needed, s.Left)
}

// Amount is how many are needed and how many are left, in words.
func (s *Shortage) Amount() string {
	return strconv.Itoa(s.Needed) + " of " + string(s.Object) + " needed, " + strconv.Itoa(s.Left) + " left"
}

// Short compares what is missing with what the portal's plan allows. An archived
// property comes back when it is made again; HubSpot does not say whether it
// needs room for that, so it is not counted. Nil: there is room, or HubSpot does
// not tell.
func (g Gap) Short(ctx context.Context, client *hubspot.Client) (*Shortage, error) {
	if len(g.Missing) == 0 {
		return nil, nil //nolint:nilnil // no shortage
	}
	left, known, err := propertiesLeft(ctx, client, g.Object)
	if err != nil || !known || len(g.Missing) <= left {
		return nil, err
	}
	anew, err := g.Anew(ctx, client)
	if err != nil || len(anew) <= left {
		return nil, err
	}
	return &Shortage{g.Object, len(anew), left}, nil
}

// Anew are the missing properties that the portal does not have in its archive.
func (g Gap) Anew(ctx context.Context, client *hubspot.Client) ([]hubspot.Property, error) {
	archived, err := client.ArchivedProperties(ctx, g.Object)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(g.Missing), func(p hubspot.Property) bool {
		return slices.ContainsFunc(archived, func(a hubspot.Property) bool { return a.Name == p.Name })
	}), nil
}

// propertiesLeft asks how many more custom properties of an object the plan
// allows. A key that may not ask leaves it unknown.
func propertiesLeft(ctx context.Context, client *hubspot.Client, object hubspot.ObjectType) (left int, known bool, err error) {
	limits, err := client.CustomPropertyLimits(ctx)
	switch {
	case hubspot.IsForbidden(err), hubspot.IsNotFound(err), hubspot.IsValidation(err):
		return 0, false, nil
	case err != nil:
		return 0, false, err
	}
	left, known = limits.Left(object)
	return left, known, nil
}

// noRoom reports whether HubSpot refused to make a property because the plan
// allows no more; rest is how many were still to be made.
func noRoom(ctx context.Context, client *hubspot.Client, object hubspot.ObjectType, rest int, refusal error) *Shortage {
	var e *hubspot.Error
	if !errors.As(refusal, &e) || e.Status != http.StatusBadRequest && (e.Status != http.StatusForbidden || hubspot.IsMissingScopes(e)) {
		return nil
	}
	if left, known, err := propertiesLeft(ctx, client, object); err == nil && known && left == 0 {
		return &Shortage{object, rest, left}
	}
	return nil
}

// Told are the words for a shortage, of somebody who connects or saves.
func (s *Shortage) Told() words.Told {
	return words.Told{
		Title:   words.Tell(verdict.PropertyLimit, "", nil).Title,
		Meaning: fmt.Sprintf("MemberPulse needs %s of %s, and the plan has room for %d.", words.Counted(s.Needed, "more custom property", "more custom properties"), s.Object, s.Left),
		Fix:     "In HubSpot archive custom properties that nobody uses under Settings > Properties, or upgrade the plan, then try again. Data Management > Data Model > Limits shows how many there are.",
	}
}

// refusal is the shortage as the answer to somebody who saves settings, after
// HubSpot itself has refused.
func (s *Shortage) refusal(cause error) error {
	t := s.Told()
	return &integration.Error{Kind: integration.Invalid, Title: t.Title + ".",
		Detail: t.Meaning + " What was made before HubSpot refused stays there and does no harm. Your settings were not changed.",
		Fix:    t.Fix, CorrelationID: verdict.Read(cause).Correlation, Cause: s}
}
