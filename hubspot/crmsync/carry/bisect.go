package carry

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/memberpulse/hubspotplugin/hubspot"
	"github.com/memberpulse/hubspotplugin/hubspot/crmsync/verdict"
)

// line is one record's line in a batch call.
type line interface {
	comparable
	// trying notes that HubSpot is being asked to write it.
	Trying()
	// fail settles it with what a refusal of it means.
	Fail(verdict.Failure)
	// put settles it for another try later, for want of a verdict on itself.
	Put(c verdict.Code, after time.Duration)
}

// Write sends lines in one call and reads each one's result. When HubSpot
// refuses the whole call for the sake of one record, the records that it names
// are settled alone, or, if it names none, the call is halved until the bad
// record stands by itself: about 2*log2(n) calls for each.
// See https://developers.hubspot.com/docs/api-reference/error-handling
func Write[L line](ctx context.Context, o *Outing, lines []L,
	do func(context.Context, []L) (hubspot.WriteResult, error), read func(L, hubspot.InputResult)) {
	if len(lines) == 0 {
		return
	}
	var result hubspot.WriteResult
	ok, err := o.Call(ctx, func(ctx context.Context) (err error) {
		for _, l := range lines {
			l.Trying()
		}
		result, err = do(ctx, lines)
		return err
	})
	switch {
	case err == nil && ok:
		o.Refusals = RefusalCount{}
		for i, l := range lines {
			read(l, result.Results[i])
		}
		return
	case !ok:
		return
	case len(lines) == 1:
		o.Refusals.Add(err)
		refused(lines[0], err, read)
		return
	case o.Refusals.Hopeless():
		GiveUp(lines)
		return
	}
	if !verdict.Read(err).Bisect {
		for _, l := range lines {
			l.Fail(verdict.Read(err))
		}
		return
	}
	if named, rest := blamed(lines, err); len(named) > 0 && len(rest) > 0 {
		o.Refusals.Add(err)
		for _, l := range named {
			refused(l, err, read)
		}
		Write(ctx, o, rest, do, read)
		return
	}
	half := len(lines) / 2
	Write(ctx, o, lines[:half], do, read)
	Write(ctx, o, lines[half:], do, read)
}

// blamed splits lines into those that HubSpot names in its refusal of the call
// and the others.
func blamed[L line](lines []L, err error) (named, rest []L) {
	var e *hubspot.Error
	if !errors.As(err, &e) {
		return nil, lines
	}
	for i, l := range lines {
		if slices.Contains(e.Inputs, i) {
			named = append(named, l)
		} else {
			rest = append(rest, l)
		}
	}
	return named, rest
}

// refused settles one record that HubSpot refused by itself.
func refused[L line](l L, err error, read func(L, hubspot.InputResult)) {
	var e *hubspot.Error
	if errors.As(err, &e) {
		read(l, hubspot.InputResult{Err: e})
		return
	}
	l.Fail(verdict.Read(err))
}

// GiveUp stops a bisection in which record after record is refused alike: the
// portal refuses everybody, and trying each one would spend its calls. The
// rest is tried again later.
func GiveUp[L line](lines []L) {
	for _, l := range lines {
		l.Put(verdict.PortalRule, 10*time.Minute)
	}
}

// RefusalCount counts refusals of one kind in a row without any success.
type RefusalCount struct {
	kind string
	n    int
}

// hopelessAfter equal refusals in a row end a bisection.
const hopelessAfter = 6

// Add counts one refused call, however many records it names.
func (c *RefusalCount) Add(err error) {
	f := verdict.Read(err)
	if f.Code == verdict.Conflict {
		return // each has its own other record
	}
	kind := string(f.Code) + " " + strings.Join(f.Properties, " ")
	if c.kind != kind {
		c.kind, c.n = kind, 0
	}
	c.n++
}

// Hopeless reports whether everybody is refused alike.
func (c *RefusalCount) Hopeless() bool { return c.n >= hopelessAfter }
