// Reads a log's tiles and entries as c2sp.org/tlog-tiles lays them out, through Go's own authenticating reader.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

type tileDir struct{ dir string }

func (t tileDir) Height() int                         { return 8 }
func (t tileDir) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tileDir) ReadTiles(tiles []tlog.Tile) (all [][]byte, err error) {
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(t.dir, c2spPath(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// c2spPath is Go's path without the height, which is always 8.
func c2spPath(t tlog.Tile) string { return strings.Replace(t.Path(), "tile/8/", "tile/", 1) }

// same says whether Go makes, from the authenticated tiles, the proof that we made.
func same(theirs, ours []tlog.Hash, err error) error {
	if err == nil && fmt.Sprint(theirs) != fmt.Sprint(ours) {
		return errors.New("Go makes another proof")
	}
	return err
}

// entries checks that every entry of every bundle is the leaf at its place in the authenticated tiles.
func entries(dir string, tree tlog.Tree, hashes tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += 256 {
		tile := tlog.Tile{H: 8, L: 0, N: first / 256, W: 256}
		if tree.N-first < 256 {
			tile.W = int(tree.N - first)
		}
		packed, err := os.ReadFile(filepath.Join(dir, strings.Replace(c2spPath(tile), "/0/", "/entries/", 1)))
		if err != nil {
			return err
		}
		places := []int64{}
		for at := first; at < first+int64(tile.W); at++ {
			places = append(places, tlog.StoredHashIndex(0, at))
		}
		leaves, err := hashes.ReadHashes(places)
		if err != nil {
			return err
		}
		for nth, leaf := range leaves {
			if len(packed) < 2 || len(packed) < 2+int(binary.BigEndian.Uint16(packed)) {
				return fmt.Errorf("bundle %d ends before entry %d", tile.N, nth)
			}
			end := 2 + int(binary.BigEndian.Uint16(packed))
			if leaf != tlog.RecordHash(packed[2:end]) {
				return fmt.Errorf("entry %d of bundle %d is not its leaf", nth, tile.N)
			}
			packed = packed[end:]
		}
		if len(packed) != 0 {
			return fmt.Errorf("bundle %d has more than its %d entries", tile.N, tile.W)
		}
	}
	return nil
}
