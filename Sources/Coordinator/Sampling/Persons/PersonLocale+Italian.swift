extension PersonLocale {
    static let italian = PersonLocale(
        maleNames: list(
            """
            Giuseppe, Giovanni, Antonio, Mario, Luigi, Francesco, Angelo, Vincenzo, Pietro, Salvatore, Carlo, Franco,
            Domenico, Bruno, Paolo, Michele, Giorgio, Aldo, Sergio, Luciano, Marco, Andrea, Stefano, Roberto,
            Alessandro, Fabio, Luca, Massimo, Maurizio, Claudio, Davide, Daniele, Simone, Matteo, Lorenzo, Riccardo,
            Federico, Gabriele, Emanuele, Nicola, Filippo, Tommaso, Leonardo, Edoardo, Mattia, Diego, Enrico,
            Giacomo, Samuele, Alberto, Gianluca, Raffaele, Dario, Valerio, Cesare, Ettore, Renato, Guido, Elia, Pio
            """),
        femaleNames: list(
            """
            Maria, Anna, Giuseppina, Rosa, Angela, Giovanna, Teresa, Lucia, Carmela, Caterina, Francesca, Paola,
            Laura, Elena, Silvia, Chiara, Sara, Martina, Giulia, Alessia, Federica, Valentina, Elisa, Ilaria, Monica,
            Daniela, Simona, Barbara, Cristina, Stefania, Roberta, Patrizia, Manuela, Serena, Claudia, Marta, Alice,
            Beatrice, Sofia, Aurora, Giorgia, Ginevra, Emma, Greta, Camilla, Bianca, Viola, Noemi, Arianna, Gaia,
            Rebecca, Margherita, Ludovica, Eleonora, Veronica, Irene, Concetta, Luisa, Franca, Vittoria
            """),
        lastNames: list(
            """
            Rossi, Russo, Ferrari, Esposito, Bianchi, Romano, Colombo, Ricci, Marino, Greco, Bruno, Gallo, Conti,
            De Luca, Mancini, Costa, Giordano, Rizzo, Lombardi, Moretti, Barbieri, Fontana, Santoro, Mariani, Rinaldi,
            Caruso, Ferrara, Galli, Martini, Leone, Longo, Gentile, Martinelli, Vitale, Lombardo, Serra, Coppola,
            De Santis, D'Angelo, Marchetti, Parisi, Villa, Conte, Ferraro, Ferri, Fabbri, Bianco, Marini, Grasso,
            Valentini, Messina, Sala, De Angelis, Gatti, Pellegrini, Palumbo, Sanna, Farina, Rizzi, Monti, Cattaneo,
            Morelli, Amato, Silvestri, Mazza, Testa, Grassi, Pellegrino, Carbone, Giuliani, Benedetti, Barone,
            Rossetti, Caputo, Montanari, Guerra, Palmieri, Bernardi, Martino, Fiore
            """),
        streets: list(
            """
            Via {last}, Via {first} {last}, Viale {last}, Piazza {last}, Corso {last}, Vicolo {last}, Strada {last},
            Largo {last}, Via Roma, Via Garibaldi, Corso Italia, Piazza del Duomo, Via della Stazione, Viale Europa,
            Via dei Mille, Via San Marco, Lungomare, Via delle Rose
            """),
        cities: list(
            """
            Roma, Milano, Napoli, Torino, Palermo, Genova, Bologna, Firenze, Bari, Catania, Verona, Venezia, Messina,
            Padova, Prato, Trieste, Brescia, Parma, Taranto, Modena, Reggio Emilia, Reggio Calabria, Perugia, Ravenna,
            Livorno, Rimini, Cagliari, Foggia, Ferrara, Salerno, Latina, Monza, Siracusa, Bergamo, Pescara, Trento,
            Forlì, Vicenza, Terni, Bolzano, Novara, Piacenza, Ancona, Arezzo, Udine, Cesena, Lecce, Pesaro, Alessandria,
            La Spezia, Pisa, Lucca, Como, Siena, Matera
            """),
        states: list(
            """
            Agrigento, Alessandria, Ancona, Aosta, Arezzo, Asti, Avellino, Bari, Belluno, Bergamo, Bologna, Bolzano,
            Brescia, Brindisi, Cagliari, Caserta, Catania, Catanzaro, Chieti, Como, Cosenza, Cremona, Cuneo, Ferrara,
            Firenze, Foggia, Frosinone, Genova, Gorizia, Grosseto, Imperia, L'Aquila, Latina, Lecce, Livorno, Lucca,
            Macerata, Mantova, Matera, Messina, Milano, Modena, Napoli, Novara, Nuoro, Padova, Palermo, Parma, Pavia,
            Perugia, Pescara, Pisa, Potenza, Ragusa, Ravenna, Rieti, Rimini, Roma, Rovigo, Salerno, Sassari, Savona,
            Siena, Sondrio, Taranto, Teramo, Terni, Torino, Trapani, Trento, Treviso, Trieste, Udine, Varese, Venezia,
            Vercelli, Verona, Vicenza, Viterbo
            """),
        postcodes: ["0%###", "1####", "2####", "3####", "4####", "5####", "6####", "7####", "8####", "9####"],
        phones: ["+39 3## #######", "+39 0# ########", "3## ### ####", "+39 0## ######"],
        countries: list(
            """
            Albania, Algeria, Argentina, Australia, Austria, Belgio, Bolivia, Brasile, Bulgaria, Camerun, Canada, Cile,
            Cina, Colombia, Corea del Sud, Costa Rica, Croazia, Cuba, Danimarca, Ecuador, Egitto, Estonia, Etiopia,
            Filippine, Finlandia, Francia, Germania, Ghana, Giamaica, Giappone, Giordania, Grecia, India, Indonesia,
            Irlanda, Islanda, Italia, Kenya, Lettonia, Libano, Lituania, Lussemburgo, Madagascar, Malta, Marocco,
            Messico, Norvegia, Nuova Zelanda, Paesi Bassi, Panama, Perù, Polonia, Portogallo, Regno Unito, Repubblica
            Ceca, Romania, San Marino, Senegal, Serbia, Slovacchia, Slovenia, Spagna, Stati Uniti, Sudafrica, Svezia,
            Svizzera, Thailandia, Tunisia, Turchia, Ucraina, Ungheria, Uruguay, Vietnam
            """),
        occupations: list(
            """
            Agricoltore, Allevatore, Apicoltore, Architetto, Archivista, Astronomo, Attore, Autista, Avvocato,
            Barbiere, Barista, Bibliotecario, Biologo, Calzolaio, Cameriere, Cantante, Carpentiere, Chimico, Chirurgo,
            Commercialista, Commesso, Cuoco, Dentista, Disegnatore, Ebanista, Economista, Editore, Elettricista,
            Enologo, Fabbro, Falegname, Farmacista, Fioraio, Fisioterapista, Fotografo, Geologo, Geometra,
            Giardiniere, Giornalista, Giudice, Grafico, Guida turistica, Idraulico, Imbianchino, Infermiere,
            Informatico, Ingegnere, Insegnante, Interprete, Libraio, Liutaio, Logopedista, Macellaio, Macchinista,
            Magazziniere, Marinaio, Matematico, Meccanico, Medico, Muratore, Musicista, Notaio, Orafo, Orologiaio,
            Ostetrica, Ottico, Panettiere, Parrucchiere, Pasticciere, Pescatore, Pilota, Poliziotto, Pompiere,
            Postino, Psicologo, Ricercatore, Saldatore, Sarto, Scultore, Segretario, Sociologo, Stilista, Tecnico di
            laboratorio, Traduttore, Veterinario, Vigile del fuoco, Viticoltore
            """))
}
