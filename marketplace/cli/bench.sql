-- The world of `flask bench load`: always the same rows, by hashes of their numbers.
-- The load drivers rely on: even tasks are open; person N is userN, those up to 2000 clients, the rest freelancers;
-- 4901..5000 applied for nothing; room k of 1..100 has 4900 + k and the one after, room 2001 all of those hundred.

CREATE FUNCTION pg_temp.pick(number bigint, salt int, choices int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT (hashint8extended(number, salt) & 2147483647)::int % choices $$;

-- 40 x 40 words, each of which stands in about 1.7 % of the tasks.
CREATE FUNCTION pg_temp.word(number bigint, salt int) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT (string_to_array('north south east west blue green red black white grey stone iron wood glass brick water river lake hill moor wind sun moon star rain snow frost fire ash salt sand clay gold tin lead oak elm pine birch rose', ' '))[1 + pg_temp.pick(number, salt, 40)]
       || (string_to_array('gate fence wall roof door floor yard shed barn mill bridge road path lane court house hall tower arch beam board panel frame bench table chair shelf lamp pipe tank pump valve cable wheel chain hinge latch handle garden corner', ' '))[1 + pg_temp.pick(number, salt + 1000, 40)] $$;

CREATE FUNCTION pg_temp.applicant(task bigint, place int) RETURNS bigint LANGUAGE sql IMMUTABLE AS
$$ SELECT 2001 + (pg_temp.pick(task, 201, 2900) + place * 967) % 2900 $$;

CREATE FUNCTION pg_temp.task_status(task bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN task % 2 = 0 THEN 'open' WHEN task % 10 IN (1, 3) THEN 'in_progress'
               WHEN task % 10 IN (5, 7) THEN 'completed' ELSE 'cancelled' END $$;

INSERT INTO users (id, public_id, email, username, password_hash, first_name, last_name, phone_number, city, country,
                   email_verified_at, first_login, joined_at)
SELECT i, gen_random_uuid(), 'user' || i || '@example.com', 'user' || i, :password_hash, 'First' || i, 'Last' || i,
       '', 'City ' || 1 + i % 50, 'Country', joined_at, false, joined_at
FROM generate_series(1, 5000) i, LATERAL (SELECT timestamptz '2025-01-01 00:00:00Z' + make_interval(mins => i)) j (joined_at);

INSERT INTO user_roles (user_id, role)
SELECT i, CASE WHEN i <= 2000 THEN 'client' ELSE 'freelancer' END FROM generate_series(1, 5000) i;

-- What open tasks say is noted afterwards, which takes a third of the time.
ALTER TABLE listings DISABLE TRIGGER USER;

INSERT INTO listings (id, kind, owner_id, assignee_id, title, description, category_id, price_minor, price_max_minor,
                      currency, place, city, address, deadline, status, deals_count, created_at, updated_at)
SELECT i, 'task', 1 + pg_temp.pick(i, 102, 2000),
       CASE WHEN status IN ('in_progress', 'completed') THEN pg_temp.applicant(i, 0) END,
       initcap(pg_temp.word(i, 1)) || ' ' || pg_temp.word(i, 2) || ' ' || pg_temp.word(i, 3) || ' ' || pg_temp.word(i, 4),
       (SELECT string_agg(pg_temp.word(i, 10 + k), ' ' ORDER BY k) FROM generate_series(1, 24) k),
       categories.ids[1 + pg_temp.pick(i, 101, cardinality(categories.ids))],
       price, price, 'USD', CASE WHEN pg_temp.pick(i, 106, 2) = 0 THEN 'digital' ELSE 'physical' END,
       'City ' || 1 + pg_temp.pick(i, 105, 50), '',
       date '2027-01-01' + pg_temp.pick(i, 104, 333), status, 3, created_at, created_at
FROM generate_series(1, CAST(:tasks AS bigint)) i,
     LATERAL (SELECT pg_temp.task_status(i), 1000 + pg_temp.pick(i, 103, 199000),
                     timestamptz '2025-06-01 00:00:00Z' + make_interval(secs => i * 30)) l (status, price, created_at),
     (SELECT array_agg(id ORDER BY id) FROM (SELECT id FROM categories ORDER BY id LIMIT 20) first) categories (ids);

ALTER TABLE listings ENABLE TRIGGER USER;

ALTER TABLE open_words DROP CONSTRAINT pk_open_words;

INSERT INTO open_words (kind, word, created_at, listing_id)
SELECT kind, unnest(tsvector_to_array(search_words)), created_at, id FROM listings WHERE status = 'open' ORDER BY id;

ALTER TABLE open_words ADD CONSTRAINT pk_open_words PRIMARY KEY (kind, word, created_at, listing_id);

INSERT INTO listing_words (word)
SELECT head || tail
FROM unnest(string_to_array('north south east west blue green red black white grey stone iron wood glass brick water river lake hill moor wind sun moon star rain snow frost fire ash salt sand clay gold tin lead oak elm pine birch rose', ' ')) head,
     unnest(string_to_array('gate fence wall roof door floor yard shed barn mill bridge road path lane court house hall tower arch beam board panel frame bench table chair shelf lamp pipe tank pump valve cable wheel chain hinge latch handle garden corner', ' ')) tail
ON CONFLICT DO NOTHING;

-- Three applications a task, by three freelancers; the first is chosen where somebody was.
INSERT INTO deals (id, kind, listing_id, buyer_id, seller_id, title, proposal, price_minor, price_max_minor, currency,
                   duration, status, created_at, updated_at, decided_at)
SELECT (l.id - 1) * 3 + k + 1, 'application', l.id, l.owner_id, pg_temp.applicant(l.id, k), l.title,
       'I can do this: ' || pg_temp.word(l.id, 202 + k) || ' ' || pg_temp.word(l.id, 212 + k), price, price, 'USD',
       1 + pg_temp.pick(l.id, 204 + k, 20) || ' days',
       CASE WHEN l.status = 'open' THEN 'pending'
            WHEN l.status = 'cancelled' OR k > 0 THEN 'rejected'
            WHEN l.status = 'completed' THEN 'completed' ELSE 'accepted' END,
       applied_at, applied_at, CASE WHEN l.status <> 'open' THEN applied_at END
FROM listings l, generate_series(0, 2) k,
     LATERAL (SELECT 1000 + pg_temp.pick(l.id, 203 + k, 199000), l.created_at + make_interval(secs => k * 600)) d (price, applied_at);

INSERT INTO rooms (id, kind, natural_key, last_seq, last_message_at, created_at)
SELECT i, CASE WHEN i = 2001 THEN 'group' ELSE 'direct' END,
       CASE WHEN i = 2001 THEN 'group:bench'
            WHEN i = 100 THEN 'direct:4901:5000'
            WHEN i < 100 THEN 'direct:' || 4900 + i || ':' || 4901 + i
            ELSE 'direct:' || i - 100 || ':' || 2000 + i END,
       40, timestamptz '2025-06-01 00:40:00Z', timestamptz '2025-06-01 00:00:00Z'
FROM generate_series(1, 2001) i;

INSERT INTO memberships (room_id, person_id)
SELECT c, 4900 + c FROM generate_series(1, 100) c
UNION ALL SELECT c, 4900 + c % 100 + 1 FROM generate_series(1, 100) c
UNION ALL SELECT c, c - 100 FROM generate_series(101, 2000) c
UNION ALL SELECT c, 2000 + c FROM generate_series(101, 2000) c
UNION ALL SELECT 2001, i FROM generate_series(4901, 5000) i;

INSERT INTO messages (room_id, seq, sender_id, body, created_at)
SELECT m.room_id, k, m.sender_id, 'Seeded ' || pg_temp.word(m.room_id, k),
       timestamptz '2025-06-01 00:00:00Z' + make_interval(mins => k)
FROM (SELECT room_id, min(person_id) FROM memberships GROUP BY room_id) m (room_id, sender_id),
     generate_series(1, 40) k;

-- What a run adds has higher numbers.
SELECT setval(pg_get_serial_sequence(name, 'id'), 100000000)
FROM unnest(ARRAY['users', 'listings', 'deals', 'rooms', 'messages']) name
