package integration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Registry holds the plugins of one host process. There is no global one: the
// host makes its own and passes it on. All methods are safe for concurrent use.
type Registry struct {
	plugins []Plugin // in order of registration

	mu      sync.Mutex
	started []Plugin
	running bool
}

// NewRegistry returns a registry of plugins, to be started in this order. It
// refuses a nil plugin, an ID that breaks the grammar, an ID used twice and a
// schema that is not well formed.
func NewRegistry(plugins ...Plugin) (*Registry, error) {
	seen := map[ID]bool{}
	for i, p := range plugins {
		if p == nil {
			return nil, fmt.Errorf("integration: plugin %d is nil", i)
		}
		spec := p.Spec()
		if err := spec.ID.Validate(); err != nil {
			return nil, err
		}
		if seen[spec.ID] {
			return nil, fmt.Errorf("integration: plugin %q is registered twice", spec.ID)
		}
		if err := spec.Schema.Validate(); err != nil {
			return nil, fmt.Errorf("integration: plugin %q: %w", spec.ID, err)
		}
		seen[spec.ID] = true
	}
	return &Registry{plugins: slices.Clone(plugins)}, nil
}

// Lookup returns the plugin with that ID.
func (r *Registry) Lookup(id ID) (Plugin, bool) {
	for _, p := range r.plugins {
		if p.Spec().ID == id {
			return p, true
		}
	}
	return nil, false
}

// All returns every plugin, sorted by ID.
func (r *Registry) All() []Plugin {
	all := slices.Clone(r.plugins)
	slices.SortFunc(all, func(a, b Plugin) int { return strings.Compare(string(a.Spec().ID), string(b.Spec().ID)) })
	return all
}

// Start starts the plugins in order of registration. If one fails, those
// already started are stopped in reverse order, and the error tells of both
// the failure and any failure to stop. A second Start without Stop is an error.
func (r *Registry) Start(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running {
		return errors.New("integration: registry is already started")
	}
	for _, p := range r.plugins {
		if err := p.Start(ctx); err != nil {
			err = fmt.Errorf("integration: start %q: %w", p.Spec().ID, err)
			return errors.Join(err, r.stop(ctx))
		}
		r.started = append(r.started, p)
	}
	r.running = true
	return nil
}

// Stop stops the started plugins in reverse order. One that fails to stop does
// not keep the others running; all errors are told. It is safe without Start
// and safe to call twice.
func (r *Registry) Stop(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = false
	return r.stop(ctx)
}

func (r *Registry) stop(ctx context.Context) error {
	var errs []error
	for _, p := range slices.Backward(r.started) {
		if err := p.Stop(ctx); err != nil {
			errs = append(errs, fmt.Errorf("integration: stop %q: %w", p.Spec().ID, err))
		}
	}
	r.started = nil
	return errors.Join(errs...)
}
