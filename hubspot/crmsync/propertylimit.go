package crmsync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/integration"
)

// A HubSpot plan allows so many custom properties of each object type, a free one
// few. So it is asked before properties are made: all of them, or none. What
// HubSpot answers when there is no room is documented nowhere, so a refusal is
// held against the limits too.

// shortage says that a portal's plan does not allow the properties that are
// missing.
type shortage struct {
	object       hubspot.ObjectType
	needed, left int
}

// Error implements error.
func (s *shortage) Error() string {
	return fmt.Sprintf("crmsync: custom properties of %s: %d needed, %d left", s.object, s.needed, s.left)
}

// amount is how many are needed and how many are left, in words.
func (s *shortage) amount() string {
	return strconv.Itoa(s.needed) + " of " + string(s.object) + " needed, " + strconv.Itoa(s.left) + " left"
}

// short compares what is missing with what the portal's plan allows. An archived
// property comes back when it is made again; HubSpot does not say whether it
// needs room for that, so it is not counted. Nil: there is room, or HubSpot does
// not tell.
func (g schemaGap) short(ctx context.Context, client *hubspot.Client) (*shortage, error) {
	if len(g.missing) == 0 {
		return nil, nil //nolint:nilnil // no shortage
	}
	left, known, err := propertiesLeft(ctx, client, g.object)
	if err != nil || !known || len(g.missing) <= left {
		return nil, err
	}
	anew, err := g.anew(ctx, client)
	if err != nil || len(anew) <= left {
		return nil, err
	}
	return &shortage{g.object, len(anew), left}, nil
}

// anew are the missing properties that the portal does not have in its archive.
func (g schemaGap) anew(ctx context.Context, client *hubspot.Client) ([]hubspot.Property, error) {
	archived, err := client.ArchivedProperties(ctx, g.object)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(g.missing), func(p hubspot.Property) bool {
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
func noRoom(ctx context.Context, client *hubspot.Client, object hubspot.ObjectType, rest int, refusal error) *shortage {
	var e *hubspot.Error
	if !errors.As(refusal, &e) || e.Status != http.StatusBadRequest && (e.Status != http.StatusForbidden || hubspot.IsMissingScopes(e)) {
		return nil
	}
	if left, known, err := propertiesLeft(ctx, client, object); err == nil && known && left == 0 {
		return &shortage{object, rest, left}
	}
	return nil
}

// told are the words for a shortage, of somebody who connects or saves.
func (s *shortage) told() told {
	return told{
		title:   tell(codePropertyLimit, "", nil).title,
		meaning: fmt.Sprintf("MemberPulse needs %s of %s, and the plan has room for %d.", counted(s.needed, "more custom property", "more custom properties"), s.object, s.left),
		fix:     "In HubSpot archive custom properties that nobody uses under Settings > Properties, or upgrade the plan, then try again. Data Management > Data Model > Limits shows how many there are.",
	}
}

// refusal is the shortage as the answer to somebody who saves settings, after
// HubSpot itself has refused.
func (s *shortage) refusal(cause error) error {
	t := s.told()
	return &integration.Error{Kind: integration.Invalid, Title: t.title + ".",
		Detail: t.meaning + " What was made before HubSpot refused stays there and does no harm. Your settings were not changed.",
		Fix:    t.fix, CorrelationID: readFailure(cause).correlation, Cause: s}
}
