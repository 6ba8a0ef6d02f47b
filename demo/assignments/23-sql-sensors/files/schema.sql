CREATE TABLE sites (id integer PRIMARY KEY, name text NOT NULL, parent_id integer REFERENCES sites);
CREATE TABLE sensors (id integer PRIMARY KEY, name text NOT NULL, site_id integer NOT NULL REFERENCES sites);
CREATE TABLE readings (sensor_id integer NOT NULL REFERENCES sensors, at timestamp NOT NULL, value numeric NOT NULL);
CREATE TABLE settings (sensor_id integer PRIMARY KEY REFERENCES sensors, config jsonb NOT NULL);
CREATE TABLE incoming (sensor_id integer NOT NULL REFERENCES sensors, config jsonb NOT NULL);
